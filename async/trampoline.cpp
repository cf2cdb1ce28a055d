#include "async/trampoline.hpp"

#include "async/promise.hpp"

namespace asyncbench::detail {

namespace {

// Some hundred awaits at -O0; little beside the stack of any thread.
constexpr std::uintptr_t stack_allowance = 32 * 1024;

void set_floor(std::uintptr_t floor) noexcept {
    stack_floor = floor;
    slow_below = task_observer != nullptr ? no_floor : floor;
}

void set_floor_below_here() noexcept {
    set_floor(stack_pointer() - stack_allowance);
}

}  // namespace

void Step::begin() const noexcept {
    if (task != nullptr) {
        current_context = &task->context();
        task->step_begins();
    }
}

std::coroutine_handle<> hand_over(Step next) noexcept {
    if (stack_floor == no_floor) {
        set_floor_below_here();  // the first task of a thread that runs no loop
    }
    if (stack_pointer() >= stack_floor) {
        next.begin();
        return next.coroutine;
    }
    set_current_task(nullptr);
    current_context = nullptr;
    if (Trampoline::innermost_ == nullptr || !Trampoline::innermost_->take(next)) {
        Trampoline here;
        here.run(next);
    }
    return std::noop_coroutine();
}

Trampoline::Trampoline() noexcept : outer_(std::exchange(innermost_, this)), outer_floor_(stack_floor) {
    set_floor_below_here();
}

Trampoline::~Trampoline() {
    innermost_ = outer_;
    set_floor(outer_floor_);
}

void Trampoline::run(Step next) noexcept {
    while (next.coroutine) {
        next.begin();
        next.coroutine.resume();
        next = std::exchange(taken_, {});
    }
}

bool Trampoline::take(Step next) noexcept {
    if (taken_.coroutine) {
        return false;
    }
    taken_ = next;
    return true;
}

void Trampoline::run_taken_by(Trampoline& trampoline) noexcept {
    if (trampoline.taken_.coroutine) {
        const Step next = std::exchange(trampoline.taken_, {});
        Trampoline here;
        here.run(next);
    }
}

void Trampoline::forget(std::coroutine_handle<> coroutine) noexcept {
    for (Trampoline* trampoline = innermost_; trampoline != nullptr; trampoline = trampoline->outer_) {
        if (trampoline->taken_.coroutine == coroutine) {
            trampoline->taken_ = {};
        }
    }
}

StackBase::StackBase() noexcept {
    set_floor_below_here();
}

StackBase::~StackBase() {
    Trampoline::innermost_ = outer_;
    set_floor(outer_floor_);
}

}  // namespace asyncbench::detail
