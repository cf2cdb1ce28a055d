#include "async/semaphore.hpp"

namespace asyncbench {

bool Semaphore::Acquire::begin(std::coroutine_handle<> awaiting, const CancellationToken& token) {
    if (token.cancelled()) {
        cancelled_ = true;
        return false;
    }
    loop_ = &Loop::require_current("Semaphore::acquire");
    awaiting_ = awaiting;
    registration_.arm(token, [this] {
        cancelled_ = true;
        unlink();
        loop_->make_ready(ready_, awaiting_);
    });
    link_before(semaphore_.waiting_);
    return true;
}

void Semaphore::Acquire::grant() noexcept {
    registration_.disarm();
    granted_ = true;
    loop_->make_ready(ready_, awaiting_);
}

Semaphore::Permit Semaphore::Acquire::await_resume() {
    if (cancelled_) {
        throw CancelledError();
    }
    granted_ = false;
    return Permit(&semaphore_);
}

void Semaphore::release() noexcept {
    // Straight to the one who waits longest: nobody who comes later can take it in between.
    if (waiting_.linked()) {
        static_cast<Acquire&>(waiting_.take_next()).grant();
    } else {
        ++available_;
    }
}

}  // namespace asyncbench
