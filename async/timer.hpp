#pragma once

#include <functional>

#include "async/clock.hpp"

namespace asyncbench {

class Loop;

/// One deadline on a loop. All calls on the loop thread, or while the loop does not run; the loop outlives
/// the timer.
class Timer {
  public:
    explicit Timer(Loop& loop);
    ~Timer();  ///< cancels
    Timer(Timer&& other) noexcept;
    Timer& operator=(Timer&& other) noexcept;

    /// Calls `callback` in a step of the loop once `deadline` is reached; at once (in the next turn) where it
    /// has passed. Arming again cancels the earlier callback without calling it. The callback may arm the
    /// timer again and may destroy it.
    void at(TimePoint deadline, std::function<void()> callback);

    /// After it, the callback is not called any more.
    void cancel();

    /// Whether a callback waits to be called.
    bool armed() const;

  private:
    class State;
    State* state_;
};

}  // namespace asyncbench
