#pragma once

#include <coroutine>
#include <memory>
#include <utility>

#include "async/context.hpp"
#include "async/errors.hpp"
#include "async/loop.hpp"
#include "async/task.hpp"

namespace asyncbench {

namespace detail {
class StopWhenDone final : public Completion {
  public:
    explicit StopWhenDone(Loop& loop) : loop_(loop) {}
    std::coroutine_handle<> completed(PromiseBase&) noexcept override {
        loop_.stop();
        return std::noop_coroutine();
    }

  private:
    Loop& loop_;
};
}  // namespace detail

/// Runs `loop` on this thread until `task` is done; gives its result, or throws what it threw. The task's
/// first step is a step of the loop. What a gather left running is cancelled then, and waited for: nothing
/// that `task` started goes on after run().
///
/// Throws Error where this thread runs a loop already (a coroutine there awaits the task instead), and where
/// somebody stops the loop before the task is done. An exception that leaves Loop::run() leaves here too. In
/// all of these cases the task is destroyed where it waits.
template <class T>
T run(Loop& loop, Task<T> task) {
    detail::StopWhenDone completion(loop);
    // Weak, for the case that an exception leaves run() before the first step.
    const auto kept = std::make_shared<Task<T>>(std::move(task));
    loop.post([weak = std::weak_ptr(kept), &completion, context = copy_context()]() mutable {
        if (const auto started = weak.lock()) {
            context.run([&] { started->start(completion); });
        }
    });
    loop.run();
    if (!kept->done()) {
        throw Error(
            "The loop was stopped before the task that run() was given was done; let the task end instead.");
    }
    loop.run_adopted_to_end();
    return kept->result();
}

/// As asyncio.run: runs `task` on a loop of its own.
template <class T>
T run(Task<T> task) {
    Loop loop;
    return run(loop, std::move(task));
}

}  // namespace asyncbench
