#pragma once

#include <cstdint>
#include <vector>

#include "harness/load/plan_spec.hpp"

namespace asyncbench {

/// When the requests of an open loop start, ascending, from the plan's start. Stands before the run, so that
/// being late cannot change it.
///
/// Constant arrivals are k / rate for every k with k / rate < duration: 100 a second for 1 s are 100, 1.75 a
/// second for 2 s are 4. Poisson arrivals have exponential gaps with the same mean, drawn from the seed.
/// Throws UsageError where rate or duration are 0 or more than 50 million requests come out.
std::vector<Nanoseconds> arrival_times(const PlanSpec& spec, std::uint64_t seed);

}  // namespace asyncbench
