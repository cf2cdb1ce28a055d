#include "harness/gate/judge_budget.hpp"

#include <fmt/format.h>

#include <cmath>
#include <vector>

#include "harness/gate/cell_state.hpp"
#include "harness/gate/paired_values.hpp"
#include "harness/stats/order_statistics.hpp"
#include "harness/stats/paired_test.hpp"

namespace asyncbench {
namespace {

std::vector<double> values_of_head(const GateResult& result, const BudgetLine& line) {
    std::vector<double> values;
    for (const GateSample& sample : result.samples) {
        if (sample.subject != line.subject || sample.arm != Arm::head) continue;
        if (sample.deterministic || sample.confirmation) continue;
        if (!did_the_work(sample, result.subjects[line.subject])) continue;
        const auto value = value_of(sample.metrics, line.budget.metric);
        if (value && std::isfinite(*value)) values.push_back(*value);
    }
    return values;
}

}  // namespace

void update_budget(BudgetLine& line, const GateResult& result, double confidence) {
    const std::vector<double> values = values_of_head(result, line);
    line.verdict = Verdict::inconclusive;
    line.value = values.empty() ? unknown_estimate() : median_interval(values, confidence);
    line.reason = values.empty() ? "No trial of head tells it." : "Not enough was measured.";
}

void judge_budget(BudgetLine& line, const GateResult& result) {
    if (!std::isfinite(line.value.value)) return;
    const CellState state = cell_state(result, line.subject, false);
    const std::string obstacle = state.not_judged().empty() ? state.no_absolute_times() : state.not_judged();
    if (!obstacle.empty()) {
        line.reason = obstacle;
        return;
    }
    if (line.value.confidence < least_confidence_to_pass) {
        line.reason = "Too few trials for an interval to rest on.";
        return;
    }
    const double limit = line.budget.limit;
    const bool over = line.value.low > limit;
    const bool under = line.value.high < limit;
    if (over || under) {
        line.verdict = under == line.budget.below ? Verdict::pass : Verdict::fail;
        line.reason =
            fmt::format("The interval of head's median lies {} the limit.", over ? "above" : "below");
    } else {
        line.reason = "The limit lies within the interval of head's median.";
    }
}

}  // namespace asyncbench
