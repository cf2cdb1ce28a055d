#include "async/gather.hpp"

namespace asyncbench::detail {

bool Gathering::wait_with(std::coroutine_handle<> awaiting) noexcept {
    if (settled()) {
        return false;
    }
    awaiting_ = awaiting;
    return true;
}

std::coroutine_handle<> Gathering::completed(PromiseBase& task) noexcept {
    --running_;
    const std::exception_ptr& error = task.error();  // taken, also where it is dropped
    if (first_error_ == nullptr) {
        first_error_ = error;
    }
    if (adopted_) {
        if (running_ == 0) {
            loop_.release(*this);  // ends this object, and the frame of `task` with it
        }
        return std::noop_coroutine();
    }
    if (awaiting_ && settled()) {
        return std::exchange(awaiting_, nullptr);
    }
    return std::noop_coroutine();
}

void Gathering::settle(const std::shared_ptr<Gathering>& self) {
    outer_.disarm();
    if (running_ > 0) {
        adopted_ = true;
        loop_.adopt(self);
    }
    if (first_error_ != nullptr) {
        std::rethrow_exception(first_error_);
    }
    if (source_.cancelled()) {
        throw CancelledError();
    }
}

}  // namespace asyncbench::detail
