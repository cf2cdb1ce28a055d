#include "async/sleep.hpp"

namespace asyncbench {

bool Sleep::begin(std::coroutine_handle<> awaiting, const CancellationToken& token) {
    if (token.cancelled()) {
        cancelled_ = true;
        return false;
    }
    registration_.arm(token, [this, awaiting] {
        cancelled_ = true;
        timer_->cancel();
        loop_.make_ready(ready_, awaiting);
    });
    timer_.emplace(loop_).at(deadline_, [this, awaiting] {
        registration_.disarm();
        awaiting.resume();
    });
    return true;
}

}  // namespace asyncbench
