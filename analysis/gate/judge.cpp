#include "analysis/gate/judge.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <utility>

#include "analysis/gate/control.hpp"
#include "analysis/gate/judge_counts.hpp"
#include "analysis/gate/paired_values.hpp"
#include "analysis/gate/verdict_text.hpp"
#include "analysis/stats/holm.hpp"
#include "analysis/stats/order_statistics.hpp"

namespace asyncbench {
namespace {

bool is_of_pairs(const GateLine& line) {
    return line.rule.lane == Lane::paired && line.decides();
}

template <typename List, typename Predicate>
std::size_t counted_if(const List& list, Predicate predicate) {
    return static_cast<std::size_t>(std::count_if(list.begin(), list.end(), predicate));
}

// ---- what speaks against a verdict ----

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

/// What a verdict of a look may meet.
unsigned blocks_of(Verdict verdict) {
    switch (verdict) {
        case Verdict::pass:
            return a_verdict | a_pass;
        case Verdict::fail:
            return a_verdict | a_fail;
        case Verdict::inconclusive:
            break;
    }
    return a_verdict;
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
    if (line.pairs > 0) {
        const auto worse = worsenings(line.ratios, line.rule.metric);
        line.ratio = ratio_of(median_interval(worse, confidence), line.rule.metric);
    }
    const bool untold = values.pairs > 0 && !values.told_by_base && line.rule.if_known;
    line.standing = untold ? Standing::not_told : Standing::decides;
    return line;
}

Estimate exactly(std::uint64_t count) {
    const auto value = static_cast<double>(count);
    return {value, value, value, 1};
}

GateLine with_counts_of_errors(GateLine line, const GateEvidence& evidence) {
    const CellState all = cell_state(evidence, line.subject, all_batches);
    line.base = exactly(all.base.errors);
    line.head = exactly(all.head.errors);
    line.ratio = unknown_estimate();
    return line;
}

BudgetLine with_value_of_head(BudgetLine line, const GateEvidence& evidence, double confidence) {
    const ValuesOfHead head = values_of_head(evidence, line.subject, line.budget.metric, Batch::first);
    line.value = head.values.empty() ? unknown_estimate() : median_interval(head.values, confidence);
    line.reason = head.values.empty() ? "No trial of head tells it." : "Not enough was measured.";
    return line;
}

/// Where the interval lies.
Verdict verdict_of(const Budget& budget, const Estimate& value) {
    if (!(value.confidence >= least_confidence_to_pass)) return Verdict::inconclusive;
    const bool over = value.low > budget.limit;
    const bool under = value.high < budget.limit;
    if (!over && !under) return Verdict::inconclusive;
    return under == budget.below ? Verdict::pass : Verdict::fail;
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

LineTest test_of(const GateLine& line, const std::vector<double>& ratios, double confidence) {
    std::vector<double> worse = worsenings(ratios, line.rule.metric);
    LineTest tested{test_pairs(worse, confidence), {}, line.rule.tolerance, ""};
    for (double& value : worse) value = -value;
    tested.of_better = test_pairs(worse, confidence);
    tested.rests_on = fmt::format("{} pairs", tested.test.pairs);
    return tested;
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
            family.push_back(test_of(line, line.ratios, confidence_for(alpha)));
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
        for (const GateSample* sample : evidence.samples(subject))
            if (is_of(*sample, Batch::first) && sample->pair >= seen) return true;
    }
    return false;
}

/// That no look can fail anything, as the sign test has no p-value that small over so many lines.
std::optional<Warning> warning_of_looks(const GateRules& rules, const std::vector<GateLine>& lines) {
    const std::size_t count = counted_if(lines, is_of_pairs);
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
    const LineTest again = test_of(line, ratios, confidence_for(alpha));
    line.confirmation = ratio_of(again.test.worsening, line.rule.metric);
    if (!why_disturbed.empty()) return not_confirmed(std::move(line), why_disturbed);
    if (judge_look({&again.test, 1}, {&again.tolerance, 1}, alpha).front() == Verdict::fail) {
        line.reason = text_of_confirmed(line, again.test);
    } else {
        line.verdict = Verdict::inconclusive;
        line.reason = text_of_not_confirmed(line, again.test);
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

BudgetLine measured_again(BudgetLine line, const GateEvidence& evidence, double confidence) {
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
            line = measured_again(std::move(line), evidence, confidence_for(rules.looks.alpha));
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

std::vector<bool> fail_by_errors(const Judgement& judgement, const GateEvidence& evidence) {
    std::vector<bool> fail(evidence.subjects().size(), false);
    for (const GateLine& line : judgement.lines) {
        if (is_of_errors(line.rule) && line.verdict == Verdict::fail) fail[line.subject] = true;
    }
    return fail;
}

void add(std::vector<Warning>& warnings, std::optional<Warning> warning) {
    if (warning) warnings.push_back(std::move(*warning));
}

void add(std::vector<Warning>& warnings, std::vector<Warning> more) {
    std::move(more.begin(), more.end(), std::back_inserter(warnings));
}

Judgement at_end(Judgement judgement, const GateEvidence& evidence, bool stopped) {
    const std::string why_disturbed = disturbed(judgement.control, evidence, Batch::first);
    for (GateLine& line : judgement.lines) line = closed(std::move(line), evidence, why_disturbed);
    for (BudgetLine& line : judgement.budgets) line = closed(std::move(line), evidence);
    for (std::size_t subject = 0; subject < evidence.subjects().size(); ++subject)
        add(judgement.warnings, judge_same_work(evidence, subject));
    add(judgement.warnings, machine_warning(evidence));
    add(judgement.warnings, cell_warnings(evidence, batches_of_pairs, fail_by_errors(judgement, evidence)));
    if (!stopped) add(judgement.warnings, control_warning(evidence));
    return judgement;
}

// ---- counted runs ----

std::size_t runs_of(const GateEvidence& evidence, std::size_t subject, Batch batch, Arm arm) {
    return counted_if(evidence.samples(subject),
                      [&](const GateSample* sample) { return sample->arm == arm && is_of(*sample, batch); });
}

bool is_whole(const GateRules& rules, const GateEvidence& evidence, std::size_t subject, Batch batch) {
    return runs_of(evidence, subject, batch, Arm::base) >= rules.deterministic_runs &&
           runs_of(evidence, subject, batch, Arm::head) >= rules.deterministic_runs;
}

CountedRuns counted_values(const GateEvidence& evidence, std::size_t subject, const std::string& metric,
                           Batches batches) {
    CountedRuns runs;
    runs.lost =
        reason_against(obstacles(cell_state(evidence, subject, batches)), a_verdict | that_all_is_there);
    for (const GateSample* sample : evidence.samples(subject)) {
        if (!is_of(*sample, batches) || !did_the_work(*sample, evidence.subjects()[subject])) continue;
        const bool is_base = sample->arm == Arm::base;
        if (const auto value = value_of(sample->metrics, metric)) {
            (is_base ? runs.base : runs.head).push_back(*value);
            continue;
        }
        const auto told = sample->metrics.find(metric);
        (is_base ? runs.base_unknown : runs.head_unknown) =
            told == sample->metrics.end() ? "its trials do not say" : told->second.reason;
    }
    return runs;
}

std::vector<GateLine> counted_lines(const GateRules& rules, const GateEvidence& evidence, std::size_t subject,
                                    Batches batches) {
    std::vector<GateLine> lines;
    const std::uint32_t by_valgrind = evidence.subjects()[subject].concurrency_of_valgrind;
    for (const MetricRule& rule : rules.metrics) {
        if (!is_of_counted_runs(rule)) continue;
        GateLine line;
        line.subject = subject;
        line.rule = rule;
        judge_counts(line, counted_values(evidence, subject, rule.metric, batches));
        if (rule.metric == "instructions_per_request" && by_valgrind > 0 && line.pairs > 0)
            line.reason += fmt::format(" Counted by valgrind at concurrency {}.", by_valgrind);
        lines.push_back(std::move(line));
    }
    return lines;
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
        add(judgement.warnings,
            cell_warnings(evidence, counted_batches, fail_by_errors(judgement, evidence)));
    return judgement;
}

// ---- errors and budgets ----

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

std::string text_of(const BudgetLine& line, Verdict verdict) {
    if (!(line.value.confidence >= least_confidence_to_pass))
        return "Too few trials for an interval to rest on.";
    if (verdict == Verdict::inconclusive) return "The limit lies within the interval of head's median.";
    const bool below = (verdict == Verdict::pass) == line.budget.below;
    return fmt::format("The interval of head's median lies {} the limit.", below ? "below" : "above");
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

bool is_open(const Judgement& judgement, const GateEvidence& evidence, std::size_t subject) {
    const auto against = obstacles(cell_state(evidence, subject, {Batch::first}));
    if (!reason_against(against, more_pairs_help_no_more).empty()) return false;
    if (judge_same_work(evidence, subject)) return false;
    const auto line_is = [&](const GateLine& line) {
        return line.subject == subject && is_of_pairs(line) && line.pairs > 0 && line.decided_after == 0;
    };
    const auto budget_is = [&](const BudgetLine& line) {
        return line.subject == subject && line.decided_after == 0 && std::isfinite(line.value.value);
    };
    return counted_if(judgement.lines, line_is) + counted_if(judgement.budgets, budget_is) > 0;
}

std::size_t open_lines(const Judgement& judgement) {
    return counted_if(
               judgement.lines,
               [](const GateLine& line) { return line.decides() && line.verdict == Verdict::inconclusive; }) +
           counted_if(judgement.budgets,
                      [](const BudgetLine& line) { return line.verdict == Verdict::inconclusive; });
}

std::vector<PairsWanted> pairs_to_confirm(const Judgement& judgement) {
    std::vector<PairsWanted> wanted;
    const auto want = [&](std::size_t subject, std::size_t pairs) {
        const auto known = std::find_if(wanted.begin(), wanted.end(),
                                        [&](const PairsWanted& each) { return each.subject == subject; });
        if (known == wanted.end()) {
            wanted.push_back({subject, pairs});
        } else {
            known->pairs = std::max(known->pairs, pairs);
        }
    };
    for (const GateLine& line : judgement.lines)
        if (line.decides() && line.verdict == Verdict::fail) want(line.subject, line.decided_after);
    for (const BudgetLine& line : judgement.budgets)
        if (line.verdict == Verdict::fail) want(line.subject, line.decided_after);
    return wanted;
}

std::vector<GateLine> judge_counted_runs(const GateRules& rules, const GateEvidence& evidence,
                                         std::size_t subject) {
    if (!is_whole(rules, evidence, subject, Batch::counted)) return {};
    if (!is_whole(rules, evidence, subject, Batch::recount))
        return counted_lines(rules, evidence, subject, {Batch::counted});
    const std::string lost = cell_state(evidence, subject, {Batch::recount}).head.why_lost;
    if (lost.empty()) return counted_lines(rules, evidence, subject, counted_batches);
    // That head could not be counted again clears it of nothing.
    std::vector<GateLine> lines = counted_lines(rules, evidence, subject, {Batch::counted});
    for (GateLine& line : lines) {
        if (line.decides() && line.verdict == Verdict::fail)
            line.reason += fmt::format(" Counted again, a run of head was lost: {}", lost);
    }
    return lines;
}

double confidence_for(double alpha) {
    return std::max(1 - 2 * alpha, least_confidence_to_pass);
}

std::vector<LineVerdict> judge_family(std::span<const LineTest> family, double alpha) {
    if (family.empty()) return {};
    std::vector<PairedTest> worse;
    std::vector<PairedTest> better;
    std::vector<Tolerance> tolerances;
    std::vector<double> p_values;
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
    for (std::size_t i = 0; i < family.size(); ++i) {
        found.push_back({adjusted[i], verdicts[i], improved[i] == Verdict::fail,
                         text_of_verdict(verdicts[i], worse[i], tolerances[i], family[i].rests_on)});
    }
    return found;
}

bool is_of_errors(const MetricRule& rule) {
    return rule.metric == "errors" && rule.lane == Lane::deterministic;
}

bool is_of_counted_runs(const MetricRule& rule) {
    return rule.lane == Lane::deterministic && !is_of_errors(rule);
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

void conclude(GateResult& result) {
    const GateEvidence evidence(result.subjects, result.samples);
    Judgement judgement = judge(result.rules, evidence, result.stage);
    result.lines = std::move(judgement.lines);
    result.budgets = std::move(judgement.budgets);
    result.control = std::move(judgement.control);
    result.warnings = result.notes;
    add(result.warnings, std::move(judgement.warnings));
}

}  // namespace asyncbench
