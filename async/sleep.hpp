#pragma once

#include <coroutine>
#include <optional>

#include "async/cancellation.hpp"
#include "async/clock.hpp"
#include "async/loop.hpp"
#include "async/timer.hpp"

namespace asyncbench {

/// Waits for a point in time; made by sleep_until() and sleep_for().
class [[nodiscard("a sleep does nothing until it is awaited")]] Sleep {
  public:
    Sleep(Loop& loop, TimePoint deadline) : loop_(loop), deadline_(deadline) {}

    bool await_ready() const { return Clock::now() >= deadline_; }

    template <class Promise>
    bool await_suspend(std::coroutine_handle<Promise> awaiting) {
        return begin(awaiting, cancellation_token(awaiting));
    }

    void await_resume() const {
        if (cancelled_) {
            throw CancelledError();
        }
    }

  private:
    bool begin(std::coroutine_handle<> awaiting, const CancellationToken& token);

    Loop& loop_;
    TimePoint deadline_;
    bool cancelled_ = false;
    std::optional<Timer> timer_;
    CancellationCallback registration_;
    ReadyNode ready_;
};

/// `co_await sleep_until(t)`: goes on in a step of `loop`, t or later. Does not suspend where t has passed.
/// Throws CancelledError where the awaiting task is cancelled before.
inline Sleep sleep_until(Loop& loop, TimePoint deadline) {
    return {loop, deadline};
}
/// On the loop that runs on this thread; throws Error where there is none.
inline Sleep sleep_until(TimePoint deadline) {
    return {Loop::require_current("sleep_until"), deadline};
}

/// As sleep_until(now + duration). Zero and less do not suspend.
inline Sleep sleep_for(Loop& loop, Nanoseconds duration) {
    return {loop, Clock::now() + duration};
}
inline Sleep sleep_for(Nanoseconds duration) {
    return {Loop::require_current("sleep_for"), Clock::now() + duration};
}

}  // namespace asyncbench
