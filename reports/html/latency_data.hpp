#pragma once

#include <vector>

#include "analysis/run_result.hpp"
#include "harness/trial/json_fields.hpp"

namespace asyncbench {

/// Which percentiles a chart draws.
enum class Percentiles {
    of_tail,          ///< ever closer to 100 %, up to the slowest single request, as HdrHistogram's plots
    of_distribution,  ///< evenly spaced, and the tail
};

/// A table of columns: of service and response time of each cell; of service time alone where a closed loop
/// makes both the same. Percentiles below which nothing is told apart from 0 are left out.
Json latency_columns(const RunResult& run, const std::vector<const Cell*>& cells, Percentiles which);

}  // namespace asyncbench
