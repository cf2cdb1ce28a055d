#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "analysis/ranking/choice.hpp"
#include "analysis/ranking/rank.hpp"
#include "analysis/run_result.hpp"
#include "analysis/summary.hpp"

namespace asyncbench {

/// What the run ranks by, of its scenario.
std::string_view ranking_metric(const RunResult& run);

/// Whether that is throughput.
bool ranks_by_throughput(const RunResult& run);

/// The usable cells of a concurrency that have the metric that the run ranks by.
Group usable_cells(const RunResult& run, std::uint32_t concurrency);

/// The concurrencies of the run's cells, ascending, each once.
std::vector<std::uint32_t> concurrencies_of(const RunResult& run);

}  // namespace asyncbench
