#include "analysis/gate/judging.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <optional>
#include <string>
#include <utility>

#include "analysis/gate/cell_state.hpp"
#include "analysis/gate/control.hpp"
#include "analysis/gate/judge_budget.hpp"
#include "analysis/gate/judge_errors.hpp"
#include "analysis/gate/line_text.hpp"
#include "analysis/gate/paired_values.hpp"
#include "analysis/gate/same_work.hpp"
#include "analysis/stats/holm.hpp"
#include "analysis/stats/order_statistics.hpp"

namespace asyncbench {
namespace {

bool is_of_pairs(const GateLine& line) {
    return line.rule.lane == Lane::paired && line.decides();
}

/// Of the interval, so that each of its ends holds at the alpha of the look; a PASS rests on one end.
double confidence_for(double alpha) {
    return std::max(1 - 2 * alpha, least_confidence_to_pass);
}

/// The family that Holm adjusts over, with the lines it is made of.
struct Family {
    std::vector<GateLine*> lines;
    std::vector<PairedTest> tests;
    std::vector<PairedTest> tests_of_better;  ///< the same with the arms exchanged
    std::vector<Tolerance> tolerances;

    void add(GateLine& line, const std::vector<double>& ratios, double confidence) {
        std::vector<double> values = worsenings(ratios, line.rule.metric);
        lines.push_back(&line);
        tests.push_back(test_pairs(values, confidence));
        for (double& value : values) value = -value;
        tests_of_better.push_back(test_pairs(values, confidence));
        tolerances.push_back(line.rule.tolerance);
    }
    std::vector<double> adjusted() const {
        std::vector<double> p_values;
        p_values.reserve(tests.size());
        for (const PairedTest& test : tests) p_values.push_back(test.p_worse);
        return holm_adjusted(p_values);
    }
};

void update_line(GateLine& line, const GateResult& result, double confidence) {
    PairedValues values = paired_values(result, line.subject, line.rule.metric, Batch::first);
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
}

/// Why the control does not say that the machine stood still; empty where it does.
std::string disturbed(const GateResult& result) {
    if (result.control && result.control->moved) return text_of_moved(*result.control);
    return why_no_control(result, Batch::first);
}

/// Why nothing can be said of a cell, so that a FAIL that was given does not stand either.
std::string not_comparable(const GateResult& result, std::size_t subject,
                           std::initializer_list<Batch> batches) {
    std::string reason = cell_state(result, subject, batches).not_comparable();
    if (!reason.empty()) return reason;
    const auto differs = judge_same_work(result, subject);
    return differs ? differs->message : reason;
}

/// Why a FAIL of a cell's pairs cannot be.
std::string obstacle_to_fail(const GateResult& result, std::size_t subject) {
    std::string reason = not_comparable(result, subject, {Batch::first, Batch::fresh});
    return reason.empty() ? disturbed(result) : reason;
}

/// Why a PASS of a cell's pairs cannot be.
std::string obstacle_to_pass(const GateResult& result, const GateLine& line) {
    std::string reason = obstacle_to_fail(result, line.subject);
    if (!reason.empty()) return reason;
    reason = cell_state(result, line.subject, {Batch::first, Batch::fresh}).not_valid();
    if (!reason.empty()) return reason;
    const PairedValues values = paired_values(result, line.subject, line.rule.metric, Batch::first);
    // Only what the line was decided by: later pairs are of other lines.
    if (line.decided_after > 0 || values.all_told()) return {};
    return fmt::format("No PASS, as {} of {} pairs do not tell it: {}.", values.pairs - values.ratios.size(),
                       values.pairs, values.unknown);
}

/// Why the line cannot have this verdict, whatever its pairs say; empty where it can.
std::string obstacle(const GateResult& result, const GateLine& line, Verdict verdict) {
    std::string reason = not_comparable(result, line.subject, {Batch::first});
    if (reason.empty()) reason = cell_state(result, line.subject, {Batch::first}).not_judged();
    if (!reason.empty() || verdict == Verdict::inconclusive) return reason;
    return verdict == Verdict::fail ? disturbed(result) : obstacle_to_pass(result, line);
}

void decide(const GateResult& result, GateLine& line, const PairedTest& test, Verdict verdict,
            bool improved) {
    const std::string reason = obstacle(result, line, verdict);
    line.verdict = reason.empty() ? verdict : Verdict::inconclusive;
    line.improved = reason.empty() && improved;
    line.reason = reason.empty() ? text_of(line, test) : reason;
    const CellState state = cell_state(result, line.subject, {Batch::first});
    // What was lost stays lost: where pairs show a PASS that cannot be given, more of them change nothing.
    const bool lost_pass = verdict == Verdict::pass && state.base.lost + state.head.lost > 0;
    if (line.verdict != Verdict::inconclusive || lost_pass) line.decided_after = state.base.trials;
}

void judge_pairs(GateResult& result) {
    const double alpha = result.rules.looks.alpha_of_each();
    Family family;
    for (GateLine& line : result.lines) {
        if (is_of_pairs(line) && line.pairs > 0) family.add(line, line.ratios, confidence_for(alpha));
    }
    for (GateLine& line : result.lines) {
        if (!is_of_pairs(line) || line.pairs > 0) continue;
        const std::string reason = cell_state(result, line.subject, {Batch::first}).not_judged();
        if (!reason.empty()) line.reason = reason;
    }
    if (family.lines.empty()) return;
    const auto adjusted = family.adjusted();
    const auto verdicts = judge_look(family.tests, family.tolerances, alpha);
    const auto better = judge_look(family.tests_of_better, family.tolerances, alpha);
    for (std::size_t i = 0; i < family.lines.size(); ++i) {
        GateLine& line = *family.lines[i];
        if (line.decided_after > 0) continue;
        line.p_worse = adjusted[i];
        decide(result, line, family.tests[i], verdicts[i], better[i] == Verdict::fail);
    }
}

/// Why the fresh batch cannot clear head of a FAIL, because of head itself; empty where it can.
std::string held_against_head(const CellState& again) {
    if (!again.not_comparable().empty() || again.base.mostly_lost()) return {};
    return again.head.errors > 0 || again.head.mostly_lost() ? again.not_judged() : "";
}

void withdraw(GateLine& line, const std::string& why) {
    line.verdict = Verdict::inconclusive;
    line.reason = "Not confirmed: " + why;
}

/// What can be said of a line that failed before any test of the fresh batch; true where that is all.
bool confirm_without_test(GateLine& line, const GateResult& result, const PairedValues& values) {
    const CellState again = cell_state(result, line.subject, {Batch::fresh});
    const std::string of_head = held_against_head(again);
    if (!of_head.empty()) {
        line.reason += fmt::format(" Measured again, head could not be judged: {}", of_head);
    } else if (!again.not_judged().empty()) {
        withdraw(line, again.not_judged());
    } else if (values.ratios.empty()) {
        withdraw(line, fmt::format("measured again, {}.", values.unknown));
    } else {
        return false;
    }
    return true;
}

void judge_again(GateResult& result, Family& family) {
    const double alpha = result.rules.looks.alpha;
    const auto control = control_of(result, Batch::fresh);
    const std::string moved =
        control && control->moved ? text_of_moved(*control) : why_no_control(result, Batch::fresh);
    for (std::size_t i = 0; i < family.lines.size(); ++i) {
        GateLine& line = *family.lines[i];
        line.confirmation = ratio_of(family.tests[i].worsening, line.rule.metric);
        const auto alone = judge_look({&family.tests[i], 1}, {&family.tolerances[i], 1}, alpha);
        if (!moved.empty()) {
            withdraw(line, moved);
        } else if (alone.front() == Verdict::fail) {
            line.reason = text_of_confirmed(line, family.tests[i]);
        } else {
            line.verdict = Verdict::inconclusive;
            line.reason = text_of_not_confirmed(line, family.tests[i]);
        }
    }
}

/// What came after a line was decided.
void close_line(GateLine& line, const GateResult& result) {
    if (line.verdict == Verdict::inconclusive) return;
    const std::string reason = line.verdict == Verdict::fail ? obstacle_to_fail(result, line.subject)
                                                             : obstacle_to_pass(result, line);
    if (reason.empty()) return;
    line.verdict = Verdict::inconclusive;
    line.improved = false;
    line.reason = reason;
}

void close_budget(BudgetLine& line, const GateResult& result) {
    if (line.verdict == Verdict::inconclusive) return;
    std::string reason = not_comparable(result, line.subject, {Batch::first, Batch::fresh});
    if (reason.empty() && line.verdict == Verdict::pass) {
        reason = cell_state(result, line.subject, {Batch::first, Batch::fresh}).incomplete();
    }
    if (reason.empty()) return;
    line.verdict = Verdict::inconclusive;
    line.reason = reason;
}

void want(std::vector<PairsWanted>& wanted, std::size_t subject, std::size_t pairs) {
    const auto known = std::find_if(wanted.begin(), wanted.end(),
                                    [&](const PairsWanted& each) { return each.subject == subject; });
    if (known == wanted.end()) {
        wanted.push_back({subject, pairs});
    } else {
        known->pairs = std::max(known->pairs, pairs);
    }
}

}  // namespace

void make_lines(GateResult& result) {
    result.lines.clear();
    result.budgets.clear();
    for (std::size_t subject = 0; subject < result.subjects.size(); ++subject) {
        if (result.subjects[subject].is_control) continue;
        for (const MetricRule& rule : result.rules.metrics) {
            if (rule.lane == Lane::deterministic && !is_of_errors(rule)) continue;
            GateLine line;
            line.subject = subject;
            line.rule = rule;
            line.base = line.head = line.ratio = unknown_estimate();
            line.reason = "Not all was measured.";
            result.lines.push_back(std::move(line));
        }
        for (const Budget& budget : result.rules.budgets) {
            BudgetLine line;
            line.subject = subject;
            line.budget = budget;
            line.value = unknown_estimate();
            result.budgets.push_back(std::move(line));
        }
    }
}

void update_lines(GateResult& result) {
    const double confidence = confidence_for(result.rules.looks.alpha_of_each());
    result.control = control_of(result, Batch::first);
    for (GateLine& line : result.lines) {
        if (is_of_errors(line.rule)) {
            update_errors(line, result);
        } else if (line.decided_after == 0) {
            update_line(line, result, confidence);
        }
    }
    for (BudgetLine& line : result.budgets) update_budget(line, result, confidence);
}

void judge_lines(GateResult& result) {
    update_lines(result);
    judge_pairs(result);
    for (GateLine& line : result.lines) {
        if (is_of_errors(line.rule)) judge_errors(line, result, false);
    }
    for (BudgetLine& line : result.budgets) judge_budget(line, result);
}

bool is_open(const GateResult& result, std::size_t subject) {
    if (!cell_state(result, subject, {Batch::first}).spoiled().empty()) return false;
    if (judge_same_work(result, subject)) return false;
    const bool line_is = std::any_of(result.lines.begin(), result.lines.end(), [&](const GateLine& line) {
        return line.subject == subject && is_of_pairs(line) && line.pairs > 0 && line.decided_after == 0;
    });
    return line_is || std::any_of(result.budgets.begin(), result.budgets.end(), [&](const BudgetLine& line) {
               return line.subject == subject && line.decided_after == 0 && std::isfinite(line.value.value);
           });
}

std::size_t open_lines(const GateResult& result) {
    const auto lines = std::count_if(result.lines.begin(), result.lines.end(), [](const GateLine& line) {
        return line.decides() && line.verdict == Verdict::inconclusive;
    });
    const auto budgets =
        std::count_if(result.budgets.begin(), result.budgets.end(),
                      [](const BudgetLine& line) { return line.verdict == Verdict::inconclusive; });
    return static_cast<std::size_t>(lines + budgets);
}

std::optional<Warning> warning_of_looks(const GateResult& result) {
    const auto lines = std::count_if(result.lines.begin(), result.lines.end(), is_of_pairs);
    if (lines == 0) return std::nullopt;
    const std::size_t pairs = result.rules.looks.pairs.back();
    const double alpha = result.rules.looks.alpha_of_each();
    const double least = static_cast<double>(lines) * std::pow(0.5, pairs);
    if (least <= alpha) return std::nullopt;
    const auto wanted = static_cast<std::size_t>(std::ceil(std::log2(static_cast<double>(lines) / alpha)));
    return Warning{
        "looks-too-few",
        fmt::format("No regression could be shown, however large: {} pairs have no p-value below {:.2g} "
                    "over {} checks, and {:.2g} is asked for. Look after {} pairs or more (--looks).",
                    pairs, least, lines, alpha, wanted),
        WarningKind::note};
}

std::vector<PairsWanted> pairs_to_confirm(const GateResult& result) {
    std::vector<PairsWanted> wanted;
    for (const GateLine& line : result.lines) {
        if (line.decides() && line.verdict == Verdict::fail) want(wanted, line.subject, line.decided_after);
    }
    for (const BudgetLine& line : result.budgets) {
        if (line.verdict == Verdict::fail) want(wanted, line.subject, line.decided_after);
    }
    return wanted;
}

void judge_confirmation(GateResult& result) {
    const double confidence = confidence_for(result.rules.looks.alpha);
    Family family;
    for (GateLine& line : result.lines) {
        if (line.verdict != Verdict::fail || !is_of_pairs(line)) continue;
        const PairedValues values = paired_values(result, line.subject, line.rule.metric, Batch::fresh);
        if (!confirm_without_test(line, result, values)) family.add(line, values.ratios, confidence);
    }
    judge_again(result, family);
    for (GateLine& line : result.lines) {
        if (is_of_errors(line.rule)) judge_errors(line, result, true);
    }
    for (BudgetLine& line : result.budgets) {
        if (line.verdict == Verdict::fail) confirm_budget(line, result, confidence);
    }
}

void close_lines(GateResult& result) {
    for (GateLine& line : result.lines) {
        if (is_of_pairs(line)) close_line(line, result);
    }
    for (BudgetLine& line : result.budgets) close_budget(line, result);
    for (std::size_t subject = 0; subject < result.subjects.size(); ++subject) {
        if (auto warning = judge_same_work(result, subject)) result.warnings.push_back(std::move(*warning));
    }
    for (Warning& warning : cell_warnings(result, {Batch::first, Batch::fresh})) {
        result.warnings.push_back(std::move(warning));
    }
    const bool whole = result.failure.empty() && !result.interrupted;
    if (auto warning = whole ? control_warning(result) : std::nullopt)
        result.warnings.push_back(std::move(*warning));
}

}  // namespace asyncbench
