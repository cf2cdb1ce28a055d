#pragma once

#include <string_view>
#include <vector>

#include "analysis/run_result.hpp"
#include "async/histogram.hpp"

namespace asyncbench {

/// One of the times of a load, of all its measured trials together.
struct LoadTime {
    std::string_view name;
    Histogram ns;
};

// Those of which there are values, in the order told.

std::vector<LoadTime> load_latencies(const RunResult& run);        ///< `from schedule`, `from send`
std::vector<LoadTime> load_phases(const RunResult& run);           ///< `connect`, ..., `whole response`
std::vector<LoadTime> load_generator_times(const RunResult& run);  ///< `picked up`, `sent late`

}  // namespace asyncbench
