#pragma once

#include <coroutine>
#include <cstdint>
#include <utility>

#include "async/stack_floor.hpp"

namespace asyncbench::detail {

class PromiseBase;

/// What goes on: a suspended coroutine, and the task whose step begins with that; null where the coroutine
/// sees to that itself, when its wait ends.
struct Step {
    std::coroutine_handle<> coroutine;
    const PromiseBase* task = nullptr;

    void begin() const noexcept;
};

/// What runs next on this stack, instead of `next`: `next` itself after its begin(), while the stack is not
/// deeper than it may be. Otherwise the stack is emptied first, down to where a trampoline stands, and `next`
/// goes on from there; or it is run here, on a trampoline, and this returns when the chain of tasks waits. In
/// every case the tasks run in the order, and within the resume(), in which they would without.
std::coroutine_handle<> hand_over(Step next) noexcept;

/// Runs steps one after another, each from the same depth of the stack.
class Trampoline {
  public:
    Trampoline() noexcept;
    ~Trampoline();
    Trampoline(const Trampoline&) = delete;
    Trampoline& operator=(const Trampoline&) = delete;

    /// Until the chain that begins with `next` waits.
    void run(Step next) noexcept;

    /// Takes a step that will run when the stack is empty down to here; not a second one.
    bool take(Step next) noexcept;

    /// For who resumed a task and has to have it run up to its first wait: runs the step that the innermost
    /// trampoline of this thread has taken, if there is one.
    static void run_taken() noexcept {
        if (innermost_ != nullptr) [[unlikely]] {
            run_taken_by(*innermost_);
        }
    }
    /// `coroutine` is destroyed and does not go on.
    static void forget(std::coroutine_handle<> coroutine) noexcept;

  private:
    friend class StackBase;
    friend std::coroutine_handle<> hand_over(Step next) noexcept;
    static void run_taken_by(Trampoline& trampoline) noexcept;

    static inline constinit thread_local Trampoline* innermost_ = nullptr;

    Trampoline* outer_;
    std::uintptr_t outer_floor_;
    Step taken_;
};

/// While it lives, steps that are handed over on this thread stay above it on the stack: for who waits for
/// tasks on this very thread, as a loop's run().
class StackBase {
  public:
    StackBase() noexcept;
    ~StackBase();
    StackBase(const StackBase&) = delete;
    StackBase& operator=(const StackBase&) = delete;

  private:
    Trampoline* outer_ = std::exchange(Trampoline::innermost_, nullptr);
    std::uintptr_t outer_floor_ = stack_floor;
};

}  // namespace asyncbench::detail
