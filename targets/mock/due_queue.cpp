#include "targets/mock/due_queue.hpp"

#include "targets/mock/connection.hpp"

namespace asyncbench::mock {

DueQueue::Place DueQueue::add(TimePoint due, Connection& connection) {
    const Place place = entries_.emplace(due, &connection);
    arm();
    return place;
}

void DueQueue::run_all() {
    // A connection that is woken may parse its next request, whose arrival runs the queue again.
    if (running_) return;
    running_ = true;
    while (!entries_.empty() && entries_.begin()->first <= Clock::now()) {
        Connection& connection = *entries_.begin()->second;
        entries_.erase(entries_.begin());
        connection.wake();
    }
    running_ = false;
    arm();
}

void DueQueue::arm() {
    if (running_ || entries_.empty() || armed_for_ <= entries_.begin()->first) return;
    armed_for_ = entries_.begin()->first;
    timer_.expires_at(armed_for_);
    timer_.async_wait([this](const boost::system::error_code& error) {
        if (error) return;
        armed_for_ = TimePoint::max();
        run_all();
        arm();
    });
}

}  // namespace asyncbench::mock
