#pragma once

#include <atomic>

#include "async/clock.hpp"

namespace asyncbench::detail {

/// For the functions of asyncbench::blocking_calls.

inline constinit std::atomic<bool> blocking_calls_detected = false;
/// Set by asyncbench::blocking_calls where it is linked.
inline constinit std::atomic<bool> blocking_calls_linked = false;
inline constinit thread_local int blocking_allowed = 0;
/// How often the stall watchdog's signal came on this thread, which ends calls that the kernel does not
/// restart.
inline constinit thread_local volatile unsigned watchdog_signals = 0;

bool in_step_of_a_loop() noexcept;

/// Whether a call on this thread, now, would be one too many if it blocked.
inline bool must_not_block() noexcept {
    return blocking_calls_detected.load(std::memory_order_relaxed) && in_step_of_a_loop();
}

/// What is known before a call.
enum class Wait {
    no,        ///< it returns at once
    possible,  ///< it shows afterwards, by the time that it took
    certain,
};

/// Around a call that may block. Calls inside it are part of it. Keeps errno.
class BlockingCall {
  public:
    /// `caller` is the return address of the function; null where nothing may be thrown into it. Throws
    /// BlockingCallError where that is asked for and safe.
    BlockingCall(const char* function, Wait wait, const void* caller);
    ~BlockingCall();
    BlockingCall(const BlockingCall&) = delete;
    BlockingCall& operator=(const BlockingCall&) = delete;

  private:
    const char* function_;
    Wait wait_;
    Nanoseconds tolerance_{0};
    TimePoint begin_{};
};

}  // namespace asyncbench::detail
