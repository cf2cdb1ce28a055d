#pragma once

#include <coroutine>
#include <memory>
#include <utility>

#include "harness/async/loop.hpp"
#include "harness/async/task.hpp"

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
/// first step is a step of the loop. Throws Error where this thread runs a loop already: a coroutine there
/// awaits the task instead. An exception that leaves Loop::run() leaves here too, and the task is destroyed.
template <class T>
T run(Loop& loop, Task<T> task) {
    detail::StopWhenDone completion(loop);
    // Weak, for the case that an exception leaves run() before the first step.
    const auto kept = std::make_shared<Task<T>>(std::move(task));
    loop.post([weak = std::weak_ptr(kept), &completion] {
        if (const auto started = weak.lock()) {
            started->start(completion);
        }
    });
    loop.run();
    return kept->result();
}

}  // namespace asyncbench
