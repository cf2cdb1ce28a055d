#pragma once

#include <optional>
#include <string>
#include <vector>

#include "harness/stats/scalability.hpp"
#include "harness/trial/run_result.hpp"

namespace asyncbench {

/// What the Universal Scalability Law says of one strategy of a run.
struct StrategyScalability {
    StrategySpec strategy;
    double lowest = 1;  ///< concurrency of what was measured
    double highest = 1;
    std::optional<ScalabilityFit> fit;
    std::string why_none;  ///< where there is no fit
};

/// For each strategy, in the scenario's order, by the throughput of its valid cells' valid trials.
std::vector<StrategyScalability> scalability_of(const RunResult& run);

}  // namespace asyncbench
