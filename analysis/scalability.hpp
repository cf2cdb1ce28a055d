#pragma once

#include <optional>
#include <string>
#include <vector>

#include "analysis/run_result.hpp"
#include "analysis/stats/scalability.hpp"

namespace asyncbench {

/// What the Universal Scalability Law says of one strategy of a run.
struct StrategyScalability {
    StrategySpec strategy;
    double lowest = 1;  ///< concurrency of what was measured
    double highest = 1;
    std::optional<ScalabilityFit> fit;
    /// Residual standard error of the fit over the mean throughput: how far off the law typically is. None
    /// where there are no more measurements than the law has parameters. R² cannot say it of a flat line,
    /// which has no variation.
    std::optional<double> residual_share;
    std::string why_none;  ///< where there is no fit
};

/// For each strategy, in the scenario's order, by the throughput of its usable cells' usable trials.
std::vector<StrategyScalability> scalability_of(const RunResult& run);

}  // namespace asyncbench
