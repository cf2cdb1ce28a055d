#pragma once

#include <cstddef>
#include <optional>

#include "analysis/run_result.hpp"

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

}  // namespace asyncbench
