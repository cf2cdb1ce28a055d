#include "analysis/gate/judge.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <utility>

#include "analysis/gate/control.hpp"
#include "analysis/gate/judge_counts.hpp"
#include "analysis/gate/judge_lines.hpp"
#include "analysis/gate/paired_values.hpp"
#include "analysis/stats/order_statistics.hpp"
#include "analysis/stats/sign_test.hpp"

namespace asyncbench {
namespace {

void add(std::vector<Warning>& warnings, std::optional<Warning> warning) {
    if (warning) warnings.push_back(std::move(*warning));
}

void add(std::vector<Warning>& warnings, std::vector<Warning> more) {
    std::move(more.begin(), more.end(), std::back_inserter(warnings));
}

// ---- what speaks against a verdict ----

std::string text_of_moved(const GateControl& control) {
    return fmt::format(
        "The control, in which nothing differs, moved by {:+.1f} % in {} pairs: the machine was disturbed.",
        100 * (control.ratio.value - 1), control.ratios.size());
}

/// Why the control does not say that the machine stood still; empty where it does.
std::string disturbed(const std::optional<GateControl>& control, const GateEvidence& evidence, Batch batch) {
    return control && control->moved ? text_of_moved(*control) : why_no_control(evidence, batch);
}

/// Those of a cell's trials, of its answers' lengths, and of the control where that is asked for.
std::vector<Obstacle> obstacles_of_cell(const GateEvidence& evidence, std::size_t subject, Batches batches,
                                        const std::string& why_disturbed) {
    std::vector<Obstacle> all = obstacles(cell_state(evidence, subject, batches));
    const auto behind = [&](unsigned blocks) {
        return std::find_if(all.begin(), all.end(),
                            [&](const Obstacle& each) { return (each.blocks & blocks) == 0; });
    };
    constexpr unsigned all_of_pairs = a_verdict | a_pass | a_fail | a_given_fail;
    if (const auto differs = judge_same_work(evidence, subject)) {
        all.insert(behind(a_given_fail), {all_of_pairs, differs->message});
    }
    if (!why_disturbed.empty())
        all.insert(behind(a_verdict), {a_pass | a_fail | a_given_fail, why_disturbed});
    return all;
}

// ---- lines before anything is judged ----

GateLine new_line(std::size_t subject, const MetricRule& rule) {
    GateLine line;
    line.subject = subject;
    line.rule = rule;
    line.base = line.head = line.ratio = unknown_estimate();
    line.reason = "Not all was measured.";
    return line;
}

Judgement nothing_decided(const GateRules& rules, const GateEvidence& evidence) {
    Judgement judgement;
    for (std::size_t subject = 0; subject < evidence.subjects().size(); ++subject) {
        if (evidence.subjects()[subject].is_control) continue;
        if (cell_state(evidence, subject, batches_of_pairs).unavailable()) continue;
        for (const MetricRule& rule : rules.metrics) {
            if (!is_of_counted_runs(rule)) judgement.lines.push_back(new_line(subject, rule));
        }
        for (const Budget& budget : rules.budgets)
            judgement.budgets.push_back(
                {subject, budget, unknown_estimate(), Verdict::inconclusive, "Not all was measured."});
    }
    return judgement;
}

/// What the first batch shows of a line that is not decided.
GateLine with_values(GateLine line, const GateEvidence& evidence, double confidence) {
    PairedValues values = paired_values(evidence, line.subject, line.rule.metric, Batch::first);
    line.base = median_estimate(values.base);
    line.head = median_estimate(values.head);
    line.ratio = unknown_estimate();
    line.pairs = values.ratios.size();
    line.ratios = std::move(values.ratios);
    line.reason = values.unknown.empty() ? "" : fmt::format("Nothing to compare: {}.", values.unknown);
    if (line.pairs > 0) line.ratio = median_interval(line.ratios, confidence);
    const bool untold = values.pairs > 0 && !values.told_by_base && line.rule.if_known;
    line.standing = untold ? LineStanding::not_told : LineStanding::decides;
    return line;
}

Judgement with_all_values(Judgement judgement, const GateRules& rules, const GateEvidence& evidence) {
    const double confidence = confidence_for(rules.looks.alpha_of_each());
    judgement.control = control_of(rules, evidence, Batch::first);
    for (GateLine& line : judgement.lines) {
        if (!is_of_errors(line.rule) && line.decided_after == 0)
            line = with_values(std::move(line), evidence, confidence);
    }
    return judgement;
}

/// Where it had to stop before the next look, which would have judged them.
Judgement with_values_of_no_look(Judgement judgement, const GateRules& rules, const GateEvidence& evidence) {
    judgement = with_all_values(std::move(judgement), rules, evidence);
    for (GateLine& line : judgement.lines) {
        if (is_of_errors(line.rule)) line = with_counts_of_errors(std::move(line), evidence);
        if (line.decides() && line.decided_after == 0 && line.reason.empty())
            line.reason = "Not all was measured.";
    }
    const double confidence = confidence_for(rules.looks.alpha_of_each());
    for (BudgetLine& line : judgement.budgets)
        if (line.decided_after == 0) line = with_value_of_head(std::move(line), evidence, confidence);
    return judgement;
}

// ---- a look ----

LineTest test_of(const GateLine& line, const std::vector<double>& ratios, const Estimate& ratio) {
    std::vector<double> worse = worsenings(ratios, line.rule.metric);
    const double p_worse = sign_test_above(worse);
    for (double& value : worse) value = -value;
    return line_test({worsening_of(ratio, line.rule.metric), p_worse, ratios.size()}, sign_test_above(worse),
                     line.rule.tolerance, fmt::format("{} pairs", ratios.size()));
}

/// That some pairs do not tell the metric by which a line would pass.
std::string why_not_all_told(const GateLine& line, const GateEvidence& evidence) {
    const PairedValues values = paired_values(evidence, line.subject, line.rule.metric, Batch::first);
    if (values.all_told()) return {};
    return fmt::format("No PASS, as {} of {} pairs do not tell it: {}.", values.pairs - values.ratios.size(),
                       values.pairs, values.unknown);
}

GateLine decided(GateLine line, const LineVerdict& found, const GateEvidence& evidence,
                 const std::string& why_disturbed) {
    const auto against = obstacles_of_cell(evidence, line.subject, {Batch::first}, why_disturbed);
    std::string reason = reason_against(against, blocks_of(found.verdict));
    if (reason.empty() && found.verdict == Verdict::pass) reason = why_not_all_told(line, evidence);
    line.p_worse = found.p_worse;
    line.verdict = reason.empty() ? found.verdict : Verdict::inconclusive;
    line.improved = reason.empty() && found.improved;
    line.reason = reason.empty() ? found.reason : reason;
    const CellState state = cell_state(evidence, line.subject, {Batch::first});
    // What was lost stays lost: where pairs show a PASS that cannot be given, more of them change nothing.
    const bool lost_pass = found.verdict == Verdict::pass && state.base.lost + state.head.lost > 0;
    if (line.verdict != Verdict::inconclusive || lost_pass) line.decided_after = state.base.trials;
    return line;
}

std::vector<GateLine> with_pairs_judged(std::vector<GateLine> lines, const GateRules& rules,
                                        const GateEvidence& evidence, const std::string& why_disturbed) {
    const double alpha = rules.looks.alpha_of_each();
    std::vector<GateLine*> tested;
    std::vector<LineTest> family;
    for (GateLine& line : lines) {
        if (!is_of_pairs(line)) continue;
        if (line.pairs > 0) {
            tested.push_back(&line);
            family.push_back(test_of(line, line.ratios, line.ratio));
        } else {
            const std::string reason =
                reason_against(obstacles(cell_state(evidence, line.subject, {Batch::first})), a_verdict);
            if (!reason.empty()) line.reason = reason;
        }
    }
    const std::vector<LineVerdict> found = judge_family(family, alpha);
    for (std::size_t i = 0; i < tested.size(); ++i) {
        if (tested[i]->decided_after == 0)
            *tested[i] = decided(std::move(*tested[i]), found[i], evidence, why_disturbed);
    }
    return lines;
}

Judgement at_look(Judgement judgement, const GateRules& rules, const GateEvidence& evidence) {
    judgement = with_all_values(std::move(judgement), rules, evidence);
    const std::string why_disturbed = disturbed(judgement.control, evidence, Batch::first);
    judgement.lines = with_pairs_judged(std::move(judgement.lines), rules, evidence, why_disturbed);
    for (GateLine& line : judgement.lines)
        if (is_of_errors(line.rule)) line = judge_errors(std::move(line), rules, evidence, false);
    const double confidence = confidence_for(rules.looks.alpha_of_each());
    for (BudgetLine& line : judgement.budgets)
        if (line.decided_after == 0) line = judge_budget(std::move(line), evidence, confidence);
    return judgement;
}

/// Whether pairs were measured that no look has seen: where it had to stop before the next one.
bool has_pairs_beyond(const std::vector<std::size_t>& looks, const GateEvidence& evidence) {
    const std::size_t seen = looks.empty() ? 0 : looks.back();
    for (std::size_t subject = 0; subject < evidence.subjects().size(); ++subject) {
        for (const GateTrial* sample : evidence.samples(subject))
            if (is_of(*sample, Batch::first) && sample->repetition >= seen) return true;
    }
    return false;
}

/// That no look can fail anything, as the sign test has no p-value that small over so many lines.
std::optional<Warning> warning_of_looks(const GateRules& rules, const std::vector<GateLine>& lines) {
    const auto count = static_cast<std::size_t>(std::count_if(lines.begin(), lines.end(), is_of_pairs));
    if (count == 0) return std::nullopt;
    const std::size_t pairs = rules.looks.pairs.back();
    const double alpha = rules.looks.alpha_of_each();
    const double least = static_cast<double>(count) * std::pow(0.5, pairs);
    if (least <= alpha) return std::nullopt;
    const auto wanted = static_cast<std::size_t>(std::ceil(std::log2(static_cast<double>(count) / alpha)));
    return Warning{
        "looks-too-few",
        fmt::format("No regression could be shown, however large: {} pairs have no p-value below {:.2g} "
                    "over {} checks, and {:.2g} is asked for. Look after {} pairs or more (--looks).",
                    pairs, least, count, alpha, wanted),
        WarningKind::note};
}

// ---- what failed, measured again ----

GateLine not_confirmed(GateLine line, const std::string& why) {
    line.verdict = Verdict::inconclusive;
    line.reason = "Not confirmed: " + why;
    return line;
}

/// By the fresh pairs alone.
GateLine confirmed(GateLine line, const std::vector<double>& ratios, const GateRules& rules,
                   const std::string& why_disturbed) {
    const double alpha = rules.looks.alpha;
    line.confirmation = median_interval(ratios, confidence_for(alpha));
    const LineTest again = test_of(line, ratios, *line.confirmation);
    const Estimate& worse = again.test.worsening;
    if (!why_disturbed.empty()) return not_confirmed(std::move(line), why_disturbed);
    if (judge_look({&again.test, 1}, {&again.tolerance, 1}, alpha).front() == Verdict::fail) {
        line.reason +=
            fmt::format(" Measured again: {} in {} pairs.", text_of_change(worse.value), again.test.pairs);
    } else {
        line.verdict = Verdict::inconclusive;
        line.reason = fmt::format(
            "Not confirmed: it failed first ({} pairs), and measured again was {} in {} pairs ({}).",
            line.pairs, text_of_change(worse.value), again.test.pairs, text_of_interval(worse));
    }
    return line;
}

GateLine measured_again(GateLine line, const GateRules& rules, const GateEvidence& evidence,
                        const std::string& why_disturbed) {
    const CellState again = cell_state(evidence, line.subject, {Batch::fresh});
    const std::vector<Obstacle> against = obstacles(again);
    const std::string reason = reason_against(against, a_verdict);
    // What head itself keeps from being judged clears it of nothing.
    const bool is_of_head = !again.base.mostly_lost() && reason_against(against, a_given_fail).empty();
    if (!reason.empty() && is_of_head) {
        line.reason += fmt::format(" Measured again, head could not be judged: {}", reason);
        return line;
    }
    if (!reason.empty()) return not_confirmed(std::move(line), reason);
    const PairedValues values = paired_values(evidence, line.subject, line.rule.metric, Batch::fresh);
    if (values.ratios.empty())
        return not_confirmed(std::move(line), fmt::format("measured again, {}.", values.unknown));
    return confirmed(std::move(line), values.ratios, rules, why_disturbed);
}

Judgement after_fresh_batch(Judgement judgement, const GateRules& rules, const GateEvidence& evidence) {
    const std::string why_disturbed =
        disturbed(control_of(rules, evidence, Batch::fresh), evidence, Batch::fresh);
    for (GateLine& line : judgement.lines) {
        if (is_of_errors(line.rule)) {
            line = judge_errors(std::move(line), rules, evidence, true);
        } else if (is_of_pairs(line) && line.verdict == Verdict::fail) {
            line = measured_again(std::move(line), rules, evidence, why_disturbed);
        }
    }
    for (BudgetLine& line : judgement.budgets) {
        if (line.verdict == Verdict::fail)
            line = budget_measured_again(std::move(line), evidence, confidence_for(rules.looks.alpha));
    }
    return judgement;
}

// ---- after the last trial in pairs ----

template <typename Line>
Line taken_back(Line line, const std::string& reason) {
    if (reason.empty()) return line;
    line.verdict = Verdict::inconclusive;
    line.reason = reason;
    return line;
}

GateLine closed(GateLine line, const GateEvidence& evidence, const std::string& why_disturbed) {
    if (!is_of_pairs(line) || line.verdict == Verdict::inconclusive) return line;
    const auto against = obstacles_of_cell(evidence, line.subject, batches_of_pairs, why_disturbed);
    const std::string reason =
        reason_against(against, line.verdict == Verdict::fail ? a_given_fail : a_verdict | a_pass);
    line.improved &= reason.empty();
    return taken_back(std::move(line), reason);
}

/// A PASS stands where most trials were limited since: a busy machine makes times longer only.
BudgetLine closed(BudgetLine line, const GateEvidence& evidence) {
    if (line.verdict == Verdict::inconclusive) return line;
    std::vector<Obstacle> against = obstacles_of_cell(evidence, line.subject, batches_of_pairs, "");
    if (line.verdict == Verdict::fail) return taken_back(line, reason_against(against, a_given_fail));
    return taken_back(std::move(line), reason_against(against, a_verdict | that_all_is_there));
}

Judgement at_end(Judgement judgement, const GateEvidence& evidence, bool stopped) {
    const std::string why_disturbed = disturbed(judgement.control, evidence, Batch::first);
    for (GateLine& line : judgement.lines) line = closed(std::move(line), evidence, why_disturbed);
    for (BudgetLine& line : judgement.budgets) line = closed(std::move(line), evidence);
    for (std::size_t subject = 0; subject < evidence.subjects().size(); ++subject)
        add(judgement.warnings, judge_same_work(evidence, subject));
    add(judgement.warnings, machine_warning(evidence));
    add(judgement.warnings, cell_warnings(evidence, batches_of_pairs,
                                          fail_by_errors(judgement.lines, evidence.subjects().size())));
    if (!stopped) add(judgement.warnings, control_warning(evidence));
    return judgement;
}

Judgement with_counted_runs(Judgement judgement, const GateRules& rules, const GateEvidence& evidence) {
    bool any = false;
    for (std::size_t subject = 0; subject < evidence.subjects().size(); ++subject) {
        if (cell_state(evidence, subject, counted_batches).base.trials == 0) continue;
        any = true;
        std::vector<GateLine> lines = judge_counted_runs(rules, evidence, subject);
        std::move(lines.begin(), lines.end(), std::back_inserter(judgement.lines));
        for (GateLine& line : judgement.lines) {
            if (line.subject == subject && is_of_errors(line.rule))
                line = judge_errors(std::move(line), rules, evidence, true);
        }
    }
    if (any)
        add(judgement.warnings, cell_warnings(evidence, counted_batches,
                                              fail_by_errors(judgement.lines, evidence.subjects().size())));
    return judgement;
}

}  // namespace

Judgement judge(const GateRules& rules, const GateEvidence& evidence, const GateStage& stage) {
    Judgement judgement = nothing_decided(rules, evidence);
    add(judgement.warnings, warning_of_looks(rules, judgement.lines));
    for (const std::size_t pairs : stage.looks)
        judgement = at_look(std::move(judgement), rules, evidence.at_look(pairs));
    if (has_pairs_beyond(stage.looks, evidence))
        judgement = with_values_of_no_look(std::move(judgement), rules, evidence);
    if (stage.confirmed) judgement = after_fresh_batch(std::move(judgement), rules, evidence);
    if (stage.ended) judgement = at_end(std::move(judgement), evidence, stage.stopped);
    return with_counted_runs(std::move(judgement), rules, evidence);
}

namespace {

/// Whether any line or budget has a value to judge.
bool is_anything_compared(const Judgement& judgement) {
    return std::any_of(judgement.lines.begin(), judgement.lines.end(),
                       [](const GateLine& line) { return std::isfinite(line.ratio.value); }) ||
           std::any_of(judgement.budgets.begin(), judgement.budgets.end(),
                       [](const BudgetLine& line) { return std::isfinite(line.value.value); });
}

}  // namespace

void conclude(GateResult& result) {
    const GateEvidence evidence(result.subjects, result.samples);
    Judgement judgement = judge(result.rules, evidence, result.stage);
    // The failure says all that there is to say: lines without a value, and lost trials, would hide it.
    const bool is_failure_alone = !result.failure.empty() && !is_anything_compared(judgement);
    if (is_failure_alone) judgement = {};
    result.lines = std::move(judgement.lines);
    result.budgets = std::move(judgement.budgets);
    result.control = std::move(judgement.control);
    result.warnings = is_failure_alone ? std::vector<Warning>() : result.notes;
    add(result.warnings, std::move(judgement.warnings));
}

}  // namespace asyncbench
