#include "analysis/gate/judge_lines.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "analysis/gate/paired_values.hpp"
#include "analysis/stats/holm.hpp"
#include "analysis/stats/order_statistics.hpp"

namespace asyncbench {
namespace {

double percent(double share) {
    return 100 * share;
}

std::string text_of_verdict(Verdict verdict, const PairedTest& test, const Tolerance& tolerance,
                            std::string_view rests_on) {
    const Estimate& worse = test.worsening;
    switch (verdict) {
        case Verdict::fail:
            return fmt::format("{} in {} ({}); it fails from {:.3g} %.", text_of_change(worse.value),
                               rests_on, text_of_interval(worse), percent(tolerance.fail_from));
        case Verdict::pass:
            return fmt::format("At most {} by {}; it passes below {:.3g} %.", text_of_change(worse.high),
                               rests_on, percent(tolerance.pass_below));
        case Verdict::inconclusive:
            break;
    }
    return fmt::format(
        "{} leave {}: neither shown to be worse by {:.3g} % nor to be less than {:.3g} % worse.", rests_on,
        text_of_interval(worse), percent(tolerance.fail_from), percent(tolerance.pass_below));
}

GateLine with(GateLine line, Verdict verdict, std::string reason) {
    line.verdict = verdict;
    line.reason = std::move(reason);
    return line;
}

/// Where head's requests failed, and were to fail again.
GateLine errors_measured_again(GateLine line, const CellState& before, const CellState& again) {
    const ArmState& head = again.head;
    const std::string counts = fmt::format("{} of {}", head.errors, head.requests);
    if (before.head.errors == 0) {
        return with(std::move(line), Verdict::inconclusive,
                    fmt::format("No request failed at first; measured again, {} of head did.", counts));
    }
    const std::string first = reason_against(obstacles(before), a_verdict);
    if (head.errors > 0)
        return with(std::move(line), Verdict::fail, fmt::format("{} Measured again: {}.", first, counts));
    if (head.trials > 0 && head.lost == head.trials) {
        return with(std::move(line), Verdict::fail,
                    fmt::format("{} Measured again, its trials were lost: {}", first, head.why_lost));
    }
    return with(std::move(line), Verdict::inconclusive,
                head.trials == 0
                    ? fmt::format("Not confirmed: {} It was not measured again.", first)
                    : fmt::format("Not confirmed: {} Measured again, none of {} did.", first, head.requests));
}

Estimate exactly(std::uint64_t count) {
    const auto value = static_cast<double>(count);
    return {value, value, value, 1};
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

}  // namespace

std::string text_of_change(double worsening) {
    const double change = percent(std::expm1(std::abs(worsening)));
    return fmt::format("{:.1f} % {}", change, worsening < 0 ? "better" : "worse");
}

std::string text_of_interval(const Estimate& worsening) {
    return fmt::format("{} to {}", text_of_change(worsening.low), text_of_change(worsening.high));
}

double confidence_for(double alpha) {
    return std::max(1 - 2 * alpha, least_confidence_to_pass);
}

LineTest line_test(const PairedTest& test, double p_better, const Tolerance& tolerance,
                   std::string rests_on) {
    const Estimate& worse = test.worsening;
    const PairedTest of_better{
        {-worse.value, -worse.high, -worse.low, worse.confidence}, p_better, test.pairs};
    return {test, of_better, tolerance, std::move(rests_on)};
}

std::vector<LineVerdict> judge_family(std::span<const LineTest> family, double alpha) {
    if (family.empty()) return {};
    std::vector<PairedTest> worse;
    std::vector<PairedTest> better;
    std::vector<Tolerance> tolerances;
    std::vector<double> p_values;
    for (auto* each : {&worse, &better}) each->reserve(family.size());
    tolerances.reserve(family.size());
    p_values.reserve(family.size());
    for (const LineTest& each : family) {
        worse.push_back(each.test);
        better.push_back(each.of_better);
        tolerances.push_back(each.tolerance);
        p_values.push_back(each.test.p_worse);
    }
    const auto adjusted = holm_adjusted(p_values);
    const auto verdicts = judge_look(worse, tolerances, alpha);
    const auto improved = judge_look(better, tolerances, alpha);
    std::vector<LineVerdict> found;
    found.reserve(family.size());
    for (std::size_t i = 0; i < family.size(); ++i) {
        found.push_back({adjusted[i], verdicts[i], improved[i] == Verdict::fail,
                         text_of_verdict(verdicts[i], worse[i], tolerances[i], family[i].rests_on)});
    }
    return found;
}

bool is_of_errors(const MetricRule& rule) {
    return rule.metric == "errors" && rule.lane == Lane::deterministic;
}

bool is_of_pairs(const GateLine& line) {
    return line.rule.lane == Lane::paired && line.decides();
}

bool is_of_counted_runs(const MetricRule& rule) {
    return rule.lane == Lane::deterministic && !is_of_errors(rule);
}

GateLine with_counts_of_errors(GateLine line, const GateEvidence& evidence) {
    const CellState all = cell_state(evidence, line.subject, all_batches);
    line.base = exactly(all.base.errors);
    line.head = exactly(all.head.errors);
    line.ratio = unknown_estimate();
    return line;
}

GateLine judge_errors(GateLine line, const GateRules& rules, const GateEvidence& evidence,
                      bool measured_again) {
    const CellState before = cell_state(evidence, line.subject, {Batch::first, Batch::counted});
    const CellState again = cell_state(evidence, line.subject, {Batch::fresh, Batch::recount});
    const CellState all = cell_state(evidence, line.subject, all_batches);
    line = with_counts_of_errors(std::move(line), evidence);
    const std::vector<Obstacle> against = obstacles(all);
    if (const std::string reason = reason_against(against, a_given_fail); !reason.empty()) {
        line = with(std::move(line), Verdict::inconclusive, reason);
    } else if (all.head.errors > 0) {
        line = measured_again && rules.confirm
                   ? errors_measured_again(std::move(line), before, again)
                   : with(std::move(line), Verdict::fail, reason_against(against, a_verdict));
    } else if (all.base.requests == 0 || all.head.requests == 0) {
        line = with(std::move(line), Verdict::inconclusive, "No trial of both arms did its work.");
    } else {
        line = with(std::move(line), Verdict::pass,
                    fmt::format("No request failed, of {} of base and {} of head.", all.base.requests,
                                all.head.requests));
    }
    if (line.verdict == Verdict::fail && line.decided_after == 0) line.decided_after = before.base.trials;
    return line;
}

std::vector<bool> fail_by_errors(const std::vector<GateLine>& lines, std::size_t subjects) {
    std::vector<bool> fail(subjects, false);
    for (const GateLine& line : lines) {
        if (is_of_errors(line.rule) && line.verdict == Verdict::fail) fail[line.subject] = true;
    }
    return fail;
}

BudgetLine with_value_of_head(BudgetLine line, const GateEvidence& evidence, double confidence) {
    const ValuesOfHead head = values_of_head(evidence, line.subject, line.budget.metric, Batch::first);
    line.value = head.values.empty() ? unknown_estimate() : median_interval(head.values, confidence);
    line.reason = head.values.empty() ? "No trial of head tells it." : "Not enough was measured.";
    return line;
}

BudgetLine judge_budget(BudgetLine line, const GateEvidence& evidence, double confidence) {
    const ValuesOfHead head = values_of_head(evidence, line.subject, line.budget.metric, Batch::first);
    line = with_value_of_head(std::move(line), evidence, confidence);
    line.verdict = Verdict::inconclusive;
    if (!std::isfinite(line.value.value)) return line;
    const Verdict verdict = verdict_of(line.budget, line.value);
    const CellState state = cell_state(evidence, line.subject, {Batch::first});
    unsigned blocks = blocks_of(verdict);
    if (verdict == Verdict::fail) blocks |= a_broken_budget;
    std::string reason = reason_against(obstacles(state), blocks);
    if (reason.empty() && verdict == Verdict::pass && head.values.size() < head.trials) {
        reason = fmt::format("No PASS: {} of {} trials of head do not tell it.",
                             head.trials - head.values.size(), head.trials);
    }
    line.verdict = reason.empty() ? verdict : Verdict::inconclusive;
    line.reason = reason.empty() ? text_of(line, verdict) : reason;
    if (line.verdict != Verdict::inconclusive) line.decided_after = state.head.trials;
    return line;
}

BudgetLine budget_measured_again(BudgetLine line, const GateEvidence& evidence, double confidence) {
    const CellState again = cell_state(evidence, line.subject, {Batch::fresh});
    const std::vector<Obstacle> against = obstacles(again);
    const ValuesOfHead head = values_of_head(evidence, line.subject, line.budget.metric, Batch::fresh);
    if (!reason_against(against, more_pairs_help_no_more).empty() || again.head.mostly_lost()) {
        if (!reason_against(against, a_given_fail).empty()) line.verdict = Verdict::inconclusive;
        line.reason +=
            fmt::format(" Measured again, it could not be judged: {}", reason_against(against, a_verdict));
        return line;
    }
    if (!head.values.empty()) line.confirmation = median_interval(head.values, confidence);
    if (line.confirmation && verdict_of(line.budget, *line.confirmation) == Verdict::fail) {
        line.reason += " Measured again, it still does.";
        return line;
    }
    line.verdict = Verdict::inconclusive;
    line.reason = line.confirmation
                      ? fmt::format("Not confirmed: it was broken at first, and not in {} more trials.",
                                    head.values.size())
                      : "Not confirmed: it was broken at first, and no further trial of head reports it.";
    return line;
}

}  // namespace asyncbench
