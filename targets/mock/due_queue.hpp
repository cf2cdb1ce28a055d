#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <map>

#include "async/clock.hpp"

namespace asyncbench::mock {

class Connection;

/// Wakes connections at their times, all with one timer: an Asio timer for each response costs a heap
/// operation and a completion through the loop's queue for each. Lives in the loop's thread.
class DueQueue {
    using Entries = std::multimap<TimePoint, Connection*>;

  public:
    /// A connection's place in the queue, to take it out again.
    using Place = Entries::iterator;

    explicit DueQueue(boost::asio::io_context& loop) : loop_(loop), timer_(loop) {}

    /// Calls `connection.wake()` at `due` or a little later, unless it is removed before.
    Place add(TimePoint due, Connection& connection);
    void remove(Place place) { entries_.erase(place); }

    /// To be called when a request arrives: wakes one or two whom the timer would wake, had the loop got to
    /// it. A few, not all: a crowd of requests is read faster than it is answered. Were all due responses
    /// written before the next request is read, the next crowd would be as dense, and each response later
    /// than the one before; in turns, requests come no faster than responses go, and the crowd disperses.
    void run(TimePoint now) {
        if (!entries_.empty() && entries_.begin()->first <= now) wake_due(2);
    }

    void stop();

  private:
    void wake_due(int most);
    void run_in_turns();
    void arm();

    boost::asio::io_context& loop_;
    Entries entries_;
    boost::asio::steady_timer timer_;
    TimePoint armed_for_ = TimePoint::max();
    bool waking_ = false;
    bool stopped_ = false;
};

}  // namespace asyncbench::mock
