#include "async/promise.hpp"

namespace asyncbench::detail {

std::coroutine_handle<> PromiseBase::begin_slowly(std::coroutine_handle<> self) const noexcept {
    if (completion_ == nullptr) {
        parent_->step_ends();
    }
    return hand_over({self, this});
}

std::coroutine_handle<> PromiseBase::finish_slowly() noexcept {
    if (task_observer != nullptr) {
        task_observer->finished(info(), error_);
    }
    if (completion_ == nullptr) {
        return hand_over({continuation_, parent_});
    }
    set_current_task(nullptr);
    current_context = nullptr;
    // A coroutine of another library may throw where it goes on: not below a trampoline, which lets nothing
    // pass.
    const bool awaited_by_other_library = completion_ == &resume_continuation;
    const auto next = completion_->completed(*this);
    return awaited_by_other_library ? next : hand_over({next});
}

}  // namespace asyncbench::detail
