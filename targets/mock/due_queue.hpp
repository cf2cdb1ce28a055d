#pragma once

#include <boost/asio/steady_timer.hpp>
#include <map>

#include "harness/measure/clock.hpp"

namespace asyncbench::mock {

class Connection;

/// Wakes connections at their times, all with one timer: an Asio timer for each response costs a heap
/// operation and a completion through the loop's queue for each. Lives in the loop's thread.
class DueQueue {
    using Entries = std::multimap<TimePoint, Connection*>;

  public:
    /// A connection's place in the queue, to take it out again.
    using Place = Entries::iterator;

    explicit DueQueue(boost::asio::io_context& loop) : timer_(loop) {}

    /// Calls `connection.wake()` at `due` or a little later, unless it is removed before.
    Place add(TimePoint due, Connection& connection);
    void remove(Place place) { entries_.erase(place); }

    /// Wakes whom the timer would wake next, had the loop got to it. Cheap when nobody is due.
    void run(TimePoint now) {
        if (!entries_.empty() && entries_.begin()->first <= now) run_all();
    }

    void stop() { timer_.cancel(); }

  private:
    void run_all();
    void arm();

    Entries entries_;
    boost::asio::steady_timer timer_;
    TimePoint armed_for_ = TimePoint::max();
    bool running_ = false;
};

}  // namespace asyncbench::mock
