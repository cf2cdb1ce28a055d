#include "analysis/gate/judge_budget.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "analysis/gate/cell_state.hpp"
#include "analysis/gate/paired_values.hpp"
#include "analysis/stats/order_statistics.hpp"
#include "analysis/stats/paired_test.hpp"

namespace asyncbench {
namespace {

struct ValuesOfHead {
    std::vector<double> values;
    std::size_t trials = 0;  ///< that did the work
};

ValuesOfHead values_of_head(const GateResult& result, const BudgetLine& line, Batch batch) {
    ValuesOfHead head;
    for (const GateSample& sample : result.samples) {
        if (sample.subject != line.subject || sample.arm != Arm::head || !is_of(sample, batch)) continue;
        if (!did_the_work(sample, result.subjects[line.subject])) continue;
        ++head.trials;
        const auto value = value_of(sample.metrics, line.budget.metric);
        if (value && std::isfinite(*value)) head.values.push_back(*value);
    }
    return head;
}

/// Where the interval lies.
Verdict verdict_of(const Budget& budget, const Estimate& value) {
    if (!(value.confidence >= least_confidence_to_pass)) return Verdict::inconclusive;
    const bool over = value.low > budget.limit;
    const bool under = value.high < budget.limit;
    if (!over && !under) return Verdict::inconclusive;
    return under == budget.below ? Verdict::pass : Verdict::fail;
}

std::string text_of(const BudgetLine& line, Verdict verdict) {
    if (!(line.value.confidence >= least_confidence_to_pass))
        return "Too few trials for an interval to rest on.";
    if (verdict == Verdict::inconclusive) return "The limit lies within the interval of head's median.";
    const bool below = (verdict == Verdict::pass) == line.budget.below;
    return fmt::format("The interval of head's median lies {} the limit.", below ? "below" : "above");
}

std::string obstacle_to_pass(const BudgetLine& line, const GateResult& result, const CellState& state) {
    // A busy machine makes times longer only: what passes there passes.
    std::string reason = state.not_valid();
    if (!reason.empty()) return reason;
    const ValuesOfHead head = values_of_head(result, line, Batch::first);
    if (head.values.size() == head.trials) return {};
    return fmt::format("No PASS: {} of {} trials of head do not tell it.", head.trials - head.values.size(),
                       head.trials);
}

}  // namespace

void update_budget(BudgetLine& line, const GateResult& result, double confidence) {
    if (line.decided_after > 0) return;
    const ValuesOfHead head = values_of_head(result, line, Batch::first);
    line.verdict = Verdict::inconclusive;
    line.value = head.values.empty() ? unknown_estimate() : median_interval(head.values, confidence);
    line.reason = head.values.empty() ? "No trial of head tells it." : "Not enough was measured.";
}

void judge_budget(BudgetLine& line, const GateResult& result) {
    if (!std::isfinite(line.value.value) || line.decided_after > 0) return;
    const CellState state = cell_state(result, line.subject, {Batch::first});
    const Verdict verdict = verdict_of(line.budget, line.value);
    std::string obstacle = state.not_judged();
    // What the machine or the target did to most trials makes their times too long: no reason to fail either.
    if (obstacle.empty() && verdict == Verdict::fail &&
        (state.head.mostly_unusable() || state.head.mostly_stolen()))
        obstacle = state.no_absolute_times();
    if (obstacle.empty() && verdict == Verdict::pass) obstacle = obstacle_to_pass(line, result, state);
    line.verdict = obstacle.empty() ? verdict : Verdict::inconclusive;
    line.reason = obstacle.empty() ? text_of(line, verdict) : obstacle;
    if (line.verdict != Verdict::inconclusive) line.decided_after = state.head.trials;
}

void confirm_budget(BudgetLine& line, const GateResult& result, double confidence) {
    const CellState state = cell_state(result, line.subject, {Batch::fresh});
    const ValuesOfHead head = values_of_head(result, line, Batch::fresh);
    if (!state.spoiled().empty() || state.head.mostly_lost()) {
        const std::string why = state.not_judged();
        line.verdict = state.not_comparable().empty() ? Verdict::fail : Verdict::inconclusive;
        line.reason += fmt::format(" Measured again, it could not be judged: {}", why);
        return;
    }
    if (!head.values.empty()) line.confirmation = median_interval(head.values, confidence);
    const bool again = line.confirmation && verdict_of(line.budget, *line.confirmation) == Verdict::fail;
    line.verdict = again ? Verdict::fail : Verdict::inconclusive;
    line.reason = again ? line.reason + " Measured again, it still does."
                  : line.confirmation
                      ? fmt::format("Not confirmed: it was broken at first, and not in {} more trials.",
                                    head.values.size())
                      : "Not confirmed: it was broken at first, and no further trial of head reports it.";
}

}  // namespace asyncbench
