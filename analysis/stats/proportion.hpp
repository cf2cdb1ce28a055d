#pragma once

#include <cstdint>

#include "analysis/stats/estimate.hpp"

namespace asyncbench {

/// The share `hits` of `tries` with the exact interval of Clopper and Pearson (1934). Throws
/// std::invalid_argument where tries is 0, hits is larger, or the confidence is outside (0, 1).
Estimate proportion_interval(std::uint64_t hits, std::uint64_t tries, double confidence);

}  // namespace asyncbench
