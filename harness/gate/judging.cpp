#include "harness/gate/judging.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "harness/gate/cell_state.hpp"
#include "harness/gate/control.hpp"
#include "harness/gate/judge_budget.hpp"
#include "harness/gate/judge_errors.hpp"
#include "harness/gate/line_text.hpp"
#include "harness/gate/paired_values.hpp"
#include "harness/gate/same_work.hpp"
#include "harness/stats/holm.hpp"
#include "harness/stats/order_statistics.hpp"

namespace asyncbench {
namespace {

constexpr double confidence_of_absolutes = 0.95;

bool is_of_pairs(const GateLine& line) {
    return line.rule.lane == Lane::paired;
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

Estimate absolute(const std::vector<double>& values) {
    return values.empty() ? unknown_estimate() : median_interval(values, confidence_of_absolutes);
}

void update_line(GateLine& line, const GateResult& result, double confidence) {
    PairedValues values = paired_values(result, line.subject, line.rule.metric, false);
    line.base = absolute(values.base);
    line.head = absolute(values.head);
    line.ratio = unknown_estimate();
    line.pairs = values.ratios.size();
    line.ratios = std::move(values.ratios);
    line.reason = values.unknown.empty() ? "" : fmt::format("Nothing to compare: {}.", values.unknown);
    if (line.pairs > 0) {
        const auto worse = worsenings(line.ratios, line.rule.metric);
        line.ratio = ratio_of(median_interval(worse, confidence), line.rule.metric);
    } else if (values.pairs > 0 && !values.told_by_base && line.rule.if_known) {
        line.rule.lane = Lane::information;
    }
}

/// Why the line cannot have this verdict, whatever its pairs say; empty where it can.
std::string obstacle(const GateResult& result, const GateLine& line, Verdict verdict) {
    const CellState state = cell_state(result, line.subject, false);
    std::string reason = state.not_judged();
    if (!reason.empty() || verdict == Verdict::inconclusive) return reason;
    if (result.control && result.control->moved) return text_of_moved(*result.control);
    if (verdict == Verdict::fail) return {};
    reason = state.not_valid();
    if (!reason.empty() || state.head.lost == 0) return reason;
    return fmt::format("No PASS for a cell in which head did not do its work in {} of {} trials: {}",
                       state.head.lost, state.head.trials, state.head.why_lost);
}

void decide(GateResult& result, GateLine& line, const PairedTest& test, Verdict verdict, bool improved) {
    const std::string reason = obstacle(result, line, verdict);
    line.verdict = reason.empty() ? verdict : Verdict::inconclusive;
    line.improved = reason.empty() && improved;
    line.reason = reason.empty() ? text_of(line, test) : reason;
}

void judge_pairs(GateResult& result) {
    const double alpha = result.rules.looks.alpha_of_each();
    Family family;
    for (GateLine& line : result.lines) {
        if (is_of_pairs(line) && line.pairs > 0) family.add(line, line.ratios, confidence_for(alpha));
    }
    for (GateLine& line : result.lines) {
        if (!is_of_pairs(line) || line.pairs > 0) continue;
        const std::string reason = cell_state(result, line.subject, false).not_judged();
        if (!reason.empty()) line.reason = reason;
    }
    if (family.lines.empty()) return;
    const auto adjusted = family.adjusted();
    const auto verdicts = judge_look(family.tests, family.tolerances, alpha);
    const auto better = judge_look(family.tests_of_better, family.tolerances, alpha);
    for (std::size_t i = 0; i < family.lines.size(); ++i) {
        GateLine& line = *family.lines[i];
        if (line.verdict != Verdict::inconclusive) continue;
        line.p_worse = adjusted[i];
        decide(result, line, family.tests[i], verdicts[i], better[i] == Verdict::fail);
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
            result.lines.push_back(std::move(line));
        }
        for (const Budget& budget : result.rules.budgets) {
            result.budgets.push_back({subject, budget, unknown_estimate(), Verdict::inconclusive, ""});
        }
    }
}

void update_lines(GateResult& result) {
    const double confidence = confidence_for(result.rules.looks.alpha_of_each());
    result.control = control_of(result, false);
    for (GateLine& line : result.lines) {
        if (is_of_errors(line.rule)) {
            update_errors(line, result);
        } else if (line.rule.lane != Lane::deterministic && line.verdict == Verdict::inconclusive) {
            update_line(line, result, confidence);
        }
    }
    for (BudgetLine& line : result.budgets) update_budget(line, result, confidence);
}

void judge_lines(GateResult& result) {
    update_lines(result);
    judge_pairs(result);
    for (GateLine& line : result.lines) {
        if (is_of_errors(line.rule)) judge_errors(line, result);
    }
    for (BudgetLine& line : result.budgets) judge_budget(line, result);
}

bool is_open(const GateResult& result, std::size_t subject) {
    if (!cell_state(result, subject, false).spoiled().empty()) return false;
    const bool line_is = std::any_of(result.lines.begin(), result.lines.end(), [&](const GateLine& line) {
        return line.subject == subject && is_of_pairs(line) && line.pairs > 0 &&
               line.verdict == Verdict::inconclusive;
    });
    return line_is || std::any_of(result.budgets.begin(), result.budgets.end(), [&](const BudgetLine& line) {
               return line.subject == subject && line.verdict == Verdict::inconclusive &&
                      std::isfinite(line.value.value);
           });
}

std::size_t open_lines(const GateResult& result) {
    const auto lines = std::count_if(result.lines.begin(), result.lines.end(), [](const GateLine& line) {
        return line.rule.lane != Lane::information && line.verdict == Verdict::inconclusive;
    });
    const auto budgets =
        std::count_if(result.budgets.begin(), result.budgets.end(),
                      [](const BudgetLine& line) { return line.verdict == Verdict::inconclusive; });
    return static_cast<std::size_t>(lines + budgets);
}

std::vector<std::size_t> subjects_to_confirm(const GateResult& result) {
    std::vector<std::size_t> subjects;
    for (const GateLine& line : result.lines) {
        const bool fails = line.rule.lane != Lane::information && line.verdict == Verdict::fail;
        if (fails && (subjects.empty() || subjects.back() != line.subject)) subjects.push_back(line.subject);
    }
    return subjects;
}

void judge_confirmation(GateResult& result) {
    const double alpha = result.rules.looks.alpha;
    const auto control = control_of(result, true);
    Family family;
    for (GateLine& line : result.lines) {
        if (line.verdict != Verdict::fail) continue;
        if (is_of_errors(line.rule)) {
            confirm_errors(line, result);
            continue;
        }
        if (!is_of_pairs(line)) continue;
        const PairedValues values = paired_values(result, line.subject, line.rule.metric, true);
        if (values.ratios.empty()) {
            line.verdict = Verdict::inconclusive;
            line.reason = fmt::format("Not confirmed: measured afresh, {}.", values.unknown);
        } else {
            family.add(line, values.ratios, confidence_for(alpha));
        }
    }
    for (std::size_t i = 0; i < family.lines.size(); ++i) {
        GateLine& line = *family.lines[i];
        line.confirmation = ratio_of(family.tests[i].worsening, line.rule.metric);
        const auto alone = judge_look({&family.tests[i], 1}, {&family.tolerances[i], 1}, alpha);
        const bool again = alone.front() == Verdict::fail && !(control && control->moved);
        line.verdict = again ? Verdict::fail : Verdict::inconclusive;
        line.reason = again                       ? text_of_confirmed(line, family.tests[i])
                      : control && control->moved ? "Not confirmed: " + text_of_moved(*control)
                                                  : text_of_not_confirmed(line, family.tests[i]);
    }
}

void close_lines(GateResult& result) {
    for (GateLine& line : result.lines) {
        if (!is_of_pairs(line) || !result.control || !result.control->moved) continue;
        line.verdict = Verdict::inconclusive;
        line.improved = false;
        line.reason = text_of_moved(*result.control);
    }
    for (std::size_t subject = 0; subject < result.subjects.size(); ++subject) {
        if (auto warning = judge_same_work(result, subject)) result.warnings.push_back(std::move(*warning));
    }
    for (Warning& warning : cell_warnings(result)) result.warnings.push_back(std::move(warning));
}

}  // namespace asyncbench
