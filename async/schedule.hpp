#pragma once

#include <coroutine>

#include "async/loop.hpp"

namespace asyncbench {

/// Goes on in a later step of a loop; made by resume_on().
class [[nodiscard("a hop does nothing until it is awaited")]] ResumeOn {
  public:
    explicit ResumeOn(Loop& loop) : loop_(loop) {}

    static constexpr bool resumes_elsewhere = true;

    static bool await_ready() noexcept { return false; }
    void await_suspend(std::coroutine_handle<> awaiting) {
        if (loop_.is_loop_thread()) {
            loop_.make_ready(ready_, awaiting);
        } else {
            loop_.post(awaiting);
        }
    }
    void await_resume() const noexcept {}

  private:
    Loop& loop_;
    ReadyNode ready_;
};

/// `co_await resume_on(loop)`: goes on in a later step of `loop`, on its thread. From any thread; where that
/// is another one than the loop's, the task must not be destroyed before it goes on. On the loop's own thread
/// this lets the other handlers have their turn.
inline ResumeOn resume_on(Loop& loop) {
    return ResumeOn(loop);
}

}  // namespace asyncbench
