#include "targets/mock/due_queue.hpp"

#include <boost/asio/post.hpp>

#include "targets/mock/connection.hpp"

namespace asyncbench::mock {

DueQueue::Place DueQueue::add(TimePoint due, Connection& connection) {
    const Place place = entries_.emplace(due, &connection);
    arm();
    return place;
}

void DueQueue::stop() {
    stopped_ = true;
    timer_.cancel();
}

void DueQueue::wake_due(int most) {
    // A connection that is woken may parse its next request, whose arrival runs the queue again.
    if (waking_) return;
    waking_ = true;
    for (; most > 0 && !entries_.empty() && entries_.begin()->first <= Clock::now(); --most) {
        Connection& connection = *entries_.begin()->second;
        entries_.erase(entries_.begin());
        connection.wake();
    }
    waking_ = false;
}

/// Wakes who is due, with turns of the loop in between.
void DueQueue::run_in_turns() {
    if (stopped_) return;
    wake_due(16);
    if (!entries_.empty() && entries_.begin()->first <= Clock::now()) {
        boost::asio::post(loop_, [this] { run_in_turns(); });
    } else {
        armed_for_ = TimePoint::max();
        arm();
    }
}

void DueQueue::arm() {
    if (entries_.empty() || armed_for_ <= entries_.begin()->first) return;
    armed_for_ = entries_.begin()->first;
    timer_.expires_at(armed_for_);
    timer_.async_wait([this](const boost::system::error_code& error) {
        if (!error) run_in_turns();
    });
}

}  // namespace asyncbench::mock
