#pragma once

#include <cstdint>
#include <string_view>

#include "analysis/run_result.hpp"
#include "analysis/summary.hpp"

namespace asyncbench {

/// Whether any cell has something of the metric.
bool is_known(const RunResult& run, std::string_view metric);

/// The run's cell of that strategy and concurrency; null where there is none.
const Cell* find_cell(const RunResult& run, const StrategySpec& strategy, std::uint32_t concurrency);

/// Whether an open loop's rate was too much for the cell: its queue grew for as long as the trials lasted.
bool misses_rate(const Cell& cell);

/// What the cell's value of the metric is: 1 for "at least", -1 for "at most", 0 for itself. Something was at
/// its limit, or the rate was not held.
int bound_of(const Cell& cell, std::string_view metric);

}  // namespace asyncbench
