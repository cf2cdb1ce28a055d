#include "reports/html/drift.hpp"

#include <algorithm>
#include <cmath>

#include "analysis/summary.hpp"
#include "reports/html/drawn_number.hpp"
#include "reports/text/cells.hpp"
#include "reports/text/ranking.hpp"

namespace asyncbench {

std::vector<DriftPoint> drift_of(const RunResult& run) {
    const std::string_view metric = ranking_metric(run);
    std::vector<DriftPoint> points;
    for (std::size_t i = 0; i < run.trials.size(); ++i) {
        const Trial& trial = run.trials[i];
        const auto cell = std::find_if(run.summary.begin(), run.summary.end(),
                                       [&](const Cell& each) { return is_of(trial, each); });
        const auto value = value_of(trial.metrics, metric);
        if (!value || cell == run.summary.end() || !is_usable(run, *cell) || !trial.usable()) continue;
        const Estimate* median = estimate_of(*cell, metric);
        if (median == nullptr || !std::isfinite(*value / median->value)) continue;
        points.push_back({i, rounded((*value / median->value - 1) * 100), *value, median->value});
    }
    return points;
}

}  // namespace asyncbench
