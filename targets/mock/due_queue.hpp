#pragma once

#include <map>

#include "async/clock.hpp"

namespace asyncbench::mock {

class Connection;

/// Connections that wait for a time. Lives in the server's thread.
class DueQueue {
    using Entries = std::multimap<TimePoint, Connection*>;

  public:
    /// A connection's place in the queue, to take it out again.
    using Place = Entries::iterator;

    /// wake() calls `connection.wake()` at `due` or later, unless it is removed before.
    Place add(TimePoint due, Connection& connection) { return entries_.emplace(due, &connection); }
    void remove(Place place) { entries_.erase(place); }

    /// The earliest time; TimePoint::max() where nobody waits.
    TimePoint next() const { return entries_.empty() ? TimePoint::max() : entries_.begin()->first; }

    /// Wakes those whose time has come, `most` of them.
    void wake(int most);

    /// To be called when a request arrives: wakes one or two whom the loop would wake, had it got to it. A
    /// few, not all: a crowd of requests is read faster than it is answered. If all due responses were
    /// written before the next request is read, the next crowd would be as dense, and each response later
    /// than the one before. In turns, requests come no faster than responses go, and the crowd disperses.
    void wake_some() { wake(2); }

  private:
    Entries entries_;
    bool waking_ = false;
};

}  // namespace asyncbench::mock
