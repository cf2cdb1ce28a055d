#include "async/create_task.hpp"

namespace asyncbench::detail {

void BackgroundWork::take_result() {
    if (std::exchange(taken_, true)) {
        throw Error(
            "A running task was awaited after it had given its result; a running task is awaited once.");
    }
}

std::coroutine_handle<> BackgroundWork::completed(PromiseBase&) noexcept {
    done_ = true;
    outer_.disarm();
    const auto next = std::exchange(awaiting_, nullptr);
    loop_.release(*this);  // may end this object, and the task's frame with it
    return next ? next : std::noop_coroutine();
}

bool AwaitBackground::begin(std::coroutine_handle<> awaiting, const CancellationToken& token) {
    if (when_cancelled_ == WhenCancelled::leave_work && token.cancelled()) {
        left_ = true;
        return false;
    }
    if (work_->awaiting_) {
        throw Error("A running task was awaited by two tasks at a time; a running task is awaited once.");
    }
    awaiting_ = awaiting;
    work_->awaiting_ = awaiting;
    work_->outer_.arm(token, [this] {
        if (when_cancelled_ == WhenCancelled::cancel_work) {
            work_->cancel();
            return;
        }
        left_ = true;
        Loop& loop = work_->loop_;
        const auto waited = awaiting_;
        stop_waiting();
        loop.make_ready(ready_, waited);
    });
    return true;
}

void AwaitBackground::stop_waiting() noexcept {
    if (awaiting_ && work_->awaiting_ == awaiting_) {
        work_->awaiting_ = nullptr;
        work_->outer_.disarm();
    }
    awaiting_ = nullptr;
}

void AwaitBackground::wait_ended() {
    awaiting_ = nullptr;
    if (left_) {
        throw CancelledError();
    }
}

}  // namespace asyncbench::detail
