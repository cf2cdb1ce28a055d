#pragma once

#include <chrono>

namespace asyncbench {

/// The one clock that measures: monotonic, nanoseconds. Wall-clock time is only ever a label.
using Clock = std::chrono::steady_clock;
using TimePoint = std::chrono::time_point<Clock, std::chrono::nanoseconds>;
using Nanoseconds = std::chrono::nanoseconds;

inline TimePoint steady_now() {
    return std::chrono::time_point_cast<Nanoseconds>(Clock::now());
}

}  // namespace asyncbench
