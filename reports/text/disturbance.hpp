#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "analysis/run_result.hpp"
#include "reports/text/describe.hpp"

namespace asyncbench {

/// What others had of the machine while a run measured. Shares and cores are medians over the busy blocks.
struct Disturbance {
    std::size_t busy_blocks = 0;  ///< 1 or more
    std::size_t blocks = 0;       ///< in all
    double other_load_cores = 0;
    double steal_share = 0;  ///< of the machine's CPU time
};

/// None where the machine was busy in no block.
std::optional<Disturbance> disturbance_of(const RunResult& run);

/// `The machine was busy in 7 of 10 blocks: other programs used 1.0 cores.`
std::string describe(const Disturbance& disturbance);

/// The run's warnings with the gravest kind first. What disturbed whole blocks stands in one of them, not at
/// each cell that it met.
std::vector<PlacedWarning> warnings_to_list(const RunResult& run);

}  // namespace asyncbench
