#pragma once

#include <cstdint>

#include "async/clock.hpp"

namespace asyncbench {

/// Rounds of mix64 that make a microsecond of work. A fixed count and no calibration: the same `--compute` is
/// the same number of instructions on every machine and in every trial, so that a comparison of instructions
/// is exact. What it takes in time depends on the machine; benches/micro/recording.cpp measures it.
inline constexpr std::uint64_t compute_rounds_per_us = 300;

/// Does the work of nominally `duration` on the calling thread.
void compute(Nanoseconds duration);

}  // namespace asyncbench
