#include "reports/text/cells.hpp"

#include <algorithm>

#include "harness/trial/judge_trial.hpp"
#include "harness/trial/metric.hpp"

namespace asyncbench {

bool is_known(const RunResult& run, std::string_view metric) {
    return std::any_of(run.summary.begin(), run.summary.end(),
                       [&](const Cell& cell) { return estimate_of(cell, metric) != nullptr; });
}

const Cell* find_cell(const RunResult& run, const StrategySpec& strategy, std::uint32_t concurrency) {
    const auto found = std::find_if(run.summary.begin(), run.summary.end(), [&](const Cell& cell) {
        return cell.strategy == strategy && cell.concurrency == concurrency;
    });
    return found == run.summary.end() ? nullptr : &*found;
}

bool misses_rate(const Cell& cell) {
    const Estimate* late = estimate_of(cell, "sent_late_share");
    return late != nullptr && late->value > TrialLimits{}.sent_late_share &&
           std::any_of(cell.warnings.begin(), cell.warnings.end(),
                       [](const Warning& warning) { return warning.code == "rate-not-held"; });
}

int bound_of(const Cell& cell, std::string_view metric) {
    const bool of_queue = metric == "throughput_rps" || metric.starts_with("response_");
    if (of_queue && misses_rate(cell)) return 1;
    return cell.limited() ? bound_of_limited(metric) : 0;
}

}  // namespace asyncbench
