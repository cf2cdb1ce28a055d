#pragma once

#include <cstdint>
#include <string_view>

#include "harness/trial/run_result.hpp"

namespace asyncbench {

/// What the cell has of the metric; null where it has nothing.
const Estimate* estimate_of(const Cell& cell, std::string_view metric);

/// The run's cell of that strategy and concurrency; null where there is none.
const Cell* find_cell(const RunResult& run, const StrategySpec& strategy, std::uint32_t concurrency);

}  // namespace asyncbench
