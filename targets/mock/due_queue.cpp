#include "targets/mock/due_queue.hpp"

#include "targets/mock/connection.hpp"

namespace asyncbench::mock {

void DueQueue::wake(int most) {
    // A connection that is woken may parse its next request, whose arrival wakes others.
    if (waking_) return;
    waking_ = true;
    for (; most > 0 && !entries_.empty() && entries_.begin()->first <= steady_now(); --most) {
        Connection& connection = *entries_.begin()->second;
        entries_.erase(entries_.begin());
        connection.wake();
    }
    waking_ = false;
}

}  // namespace asyncbench::mock
