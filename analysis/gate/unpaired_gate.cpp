#include "analysis/gate/unpaired_gate.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "analysis/compare/ratio_test.hpp"
#include "analysis/gate/judge_counts.hpp"
#include "analysis/gate/judge_lines.hpp"
#include "analysis/gate/paired_values.hpp"
#include "analysis/gate/unpaired_subjects.hpp"
#include "analysis/stats/order_statistics.hpp"
#include "async/errors.hpp"
#include "harness/trial/metric.hpp"

namespace asyncbench {
namespace {

std::string names_of(const UnpairedGatePlan& plan) {
    return fmt::format("{} and {}", plan.base.source, plan.head.source);
}

void require_same_work(const UnpairedGatePlan& plan) {
    if (plan.base.work != plan.head.work) {
        throw Error(
            fmt::format("{} did different work, which cannot be compared: {}. Measure both with the same "
                        "scenario.",
                        names_of(plan), difference_of_work(plan.base.work, plan.head.work)));
    }
    const bool common = std::any_of(
        plan.head.subjects.begin(), plan.head.subjects.end(), [&](const MeasuredSubject& subject) {
            return std::any_of(plan.base.subjects.begin(), plan.base.subjects.end(),
                               [&](const MeasuredSubject& each) { return each.name == subject.name; });
        });
    if (!common) throw Error(fmt::format("{} have nothing in common to compare.", names_of(plan)));
}

void require_one_machine(const UnpairedGatePlan& plan) {
    const auto differences = environment_differences(plan.base.environment, plan.head.environment);
    if (plan.different_machines || !are_different_machines(differences)) return;
    throw Error(
        fmt::format("{} come from two machines, whose times say nothing of each other's programs: {}. "
                    "Measure both on one, or, if you know better, give --different-machine.",
                    names_of(plan), text_of(differences)));
}

void compare_machines(const UnpairedGatePlan& plan, GateResult& result) {
    result.environment_differences = environment_differences(plan.base.environment, plan.head.environment);
    if (!know_their_machines(plan.base.environment, plan.head.environment)) {
        result.warnings.push_back(
            {"machine-unknown",
             fmt::format("Whether {} come from one machine is not known: one of them does not say. Of two "
                         "machines, times say nothing.",
                         names_of(plan)),
             WarningKind::note});
    }
    if (!are_different_machines(result.environment_differences)) return;
    result.warnings.push_back(
        {"different-machines",
         "Base and head come from two machines: " + text_of(result.environment_differences) + ".",
         WarningKind::note});
}

/// Those of single subjects are told where they are judged.
void add_warnings_of(const MeasuredValues& side, GateResult& result) {
    for (Warning warning : side.warnings) {
        warning.kind = WarningKind::note;
        const auto& known = result.warnings;
        if (std::find(known.begin(), known.end(), warning) == known.end()) {
            result.warnings.push_back(std::move(warning));
        }
    }
}

/// Whether the configuration asks for a metric that the kind of file cannot have: one of trials of what
/// another program measured, or the other way round. It is there for another shape of the gate, and decides
/// nothing.
bool is_for_other_files(const MetricRule& rule, const MeasuredValues& measured) {
    const bool of_trials = find_metric(rule.metric) != nullptr;
    return rule.asked_by == AskedBy::file && of_trials != is_of_trials(measured);
}

void warn_of_rules_for_other_files(const UnpairedGatePlan& plan, GateResult& result) {
    std::vector<std::string> metrics;
    for (const MetricRule& rule : plan.rules.metrics) {
        if (is_for_other_files(rule, plan.base) && !rule.if_known) metrics.push_back(rule.metric);
    }
    if (metrics.empty()) return;
    result.warnings.push_back(
        {"rules-not-used",
         fmt::format("The configuration asks for what only {} tell, so that it decides nothing here: {}.",
                     is_of_trials(plan.base) ? "files of other programs" : "results of asyncbench",
                     fmt::join(metrics, ", ")),
         WarningKind::note});
}

/// As in counted runs: a count that was read once may be any of those that it has.
constexpr std::size_t least_runs_of_a_count = 3;

/// Half the interquartile range over the median: how much the baseline varied by itself.
double spread_of(const std::vector<double>& values) {
    return (quantile(values, 0.75) - quantile(values, 0.25)) / 2 / median(values);
}

/// The least p-value that the rank test can give: one order of all in C(n + m, n).
double least_p_value(std::size_t n, std::size_t m) {
    const auto log_factorial = [](std::size_t count) { return std::lgamma(static_cast<double>(count) + 1); };
    return std::exp(log_factorial(n) + log_factorial(m) - log_factorial(n + m));
}

/// Why nothing passes by the metric in an arm; empty where each repetition tells it.
std::string why_untold(const MeasuredSubject& subject, const std::string& metric, const std::string& source) {
    const std::size_t told = values_of(&subject, metric).size();
    if (told >= subject.repetitions) return {};
    return fmt::format("No PASS: {} of {} repetitions of {} do not tell it.", subject.repetitions - told,
                       subject.repetitions, source);
}

std::string text_of_widening(double spread) {
    return fmt::format("The tolerance grew by {:.1f} %, by which the stored values varied themselves.",
                       100 * spread);
}

std::string text_of_not_paired(double widest) {
    std::string text =
        "Base and head were measured at different times, without a control: what the machine did meanwhile "
        "counts as a change, so that this is weaker than --base CMD --head CMD, which measures in turns.";
    if (widest > 0) {
        text +=
            fmt::format(" Tolerances grew by up to {:.1f} %, by which the stored values varied themselves.",
                        100 * widest);
    }
    return text;
}

bool tells_trials(const MeasuredSubject* subject) {
    return subject != nullptr && !subject->trials.empty();
}

/// A line and the subjects it compares.
struct Compared {
    GateLine& line;
    const MeasuredSubject* base;
    const MeasuredSubject* head;

    const std::vector<double>& base_values() const { return values_of(base, line.rule.metric); }
    const std::vector<double>& head_values() const { return values_of(head, line.rule.metric); }
};

/// The lines of an unpaired gate, judged in one look.
class UnpairedLines {
  public:
    UnpairedLines(const GateResult& result, const GateEvidence& evidence, const FileSide& base,
                  const FileSide& head)
        : shape_(result.shape), rules_(result.rules), evidence_(evidence), base_(base), head_(head) {}

    std::vector<GateLine> judged() {
        for (std::size_t subject = 0; subject < evidence_.subjects().size(); ++subject) {
            if (base_.find(evidence_.subjects()[subject].name) == nullptr) continue;
            for (const MetricRule& rule : rules_.metrics) add(subject, rule);
        }
        std::vector<std::size_t> tested;
        std::vector<LineTest> family;
        for (std::size_t i = 0; i < lines_.size(); ++i) {
            if (auto test = judge_or_test(lines_[i])) {
                tested.push_back(i);
                family.push_back(std::move(*test));
            }
        }
        const std::vector<LineVerdict> found = judge_family(family, alpha());
        for (std::size_t i = 0; i < tested.size(); ++i) decide(lines_[tested[i]], found[i], tested.size());
        for (GateLine& line : lines_) take_back(line);
        return std::move(lines_);
    }

    /// The most that a tolerance grew, as a share.
    double widest() const { return widest_; }

  private:
    double alpha() const { return rules_.looks.alpha; }

    Compared compared(GateLine& line) const {
        const std::string& name = evidence_.subjects()[line.subject].name;
        return {line, base_.find(name), head_.find(name)};
    }
    bool is_told(const MetricRule& rule) const {
        return base_.has_metric(rule.metric) || head_.has_metric(rule.metric);
    }

    bool is_asked(const MetricRule& rule, const Compared& both) const {
        if (rule.metric == "requests") return false;
        if (is_of_errors(rule))
            return tells_trials(both.base) && (both.head == nullptr || tells_trials(both.head));
        if (is_told(rule)) return !both.base_values().empty() || !rule.if_known;
        // A file of another program tells nothing of what only trials have, nor does it have to.
        if (rule.asked_by == AskedBy::nobody && !is_of_trials(base_.file())) return false;
        return !rule.if_known && !is_for_other_files(rule, base_.file());
    }

    void add(std::size_t subject, const MetricRule& rule) {
        GateLine line;
        line.subject = subject;
        line.rule = rule;
        const Compared both = compared(line);
        if (!is_asked(rule, both)) return;
        line.base = median_estimate(both.base_values());
        line.head = median_estimate(both.head_values());
        line.ratio = unknown_estimate();
        line.pairs = std::min(both.base_values().size(), both.head_values().size());
        if (both.head == nullptr)
            line.reason = fmt::format("It is not in {}.", head_.file().source);
        else if (line.pairs == 0)
            line.reason = why_no_value(rule, both);
        lines_.push_back(std::move(line));
    }

    std::string why_no_value(const MetricRule& rule, const Compared& both) const {
        if (!is_told(rule)) {
            return fmt::format("No value of it is in {} or {}; check its name, or leave it out.",
                               base_.file().source, head_.file().source);
        }
        return fmt::format("There is no value of it in {}.",
                           (both.base_values().empty() ? base_ : head_).file().source);
    }

    /// What is to be tested of the line; none where it is judged, or cannot be.
    std::optional<LineTest> judge_or_test(GateLine& line) {
        const Compared both = compared(line);
        if (both.head == nullptr) return std::nullopt;
        if (is_of_errors(line.rule)) {
            line = judge_errors(std::move(line), rules_, evidence_, false);
            return std::nullopt;
        }
        const auto against = obstacles(cell_state(evidence_, line.subject, {Batch::first}));
        if (std::string reason = reason_against(against, a_verdict); !reason.empty()) {
            line.reason = std::move(reason);
        } else if (!both.base->usable || !both.head->usable) {
            line.reason = "It is wrong in one of them.";
        } else if (line.pairs > 0) {
            if (line.rule.lane != Lane::deterministic || line.rule.tolerance.fail_from > 0)
                return test_of(both);
            judge_exact_count(both);
        }
        return std::nullopt;
    }

    static void judge_exact_count(const Compared& both) {
        if (both.line.pairs < least_runs_of_a_count) {
            both.line.reason = fmt::format(
                "A count decides by {} runs of each arm or more; repeat more often.", least_runs_of_a_count);
            return;
        }
        judge_counts(both.line, {both.base_values(), both.head_values(), "", ""});
    }

    /// None of a line for information, and of one that has no ratio.
    std::optional<LineTest> test_of(const Compared& both) {
        GateLine& line = both.line;
        const RatioTest test =
            test_unpaired_ratio(both.base_values(), both.head_values(), confidence_for(alpha()));
        if (!std::isfinite(test.ratio.value)) {
            line.reason = "It is 0 in some trials, which has no ratio.";
            return std::nullopt;
        }
        line.ratio = test.ratio;
        if (line.rule.lane == Lane::information) return std::nullopt;
        if (shape_ == GateShape::stored) widen(line, both.base_values());
        const Estimate worse = worsening_of(test.ratio, line.rule.metric);
        const double p_worse = worse.value > 0 ? test.p_value / 2 : 1 - test.p_value / 2;
        return LineTest{{worse, p_worse, line.pairs},
                        {{-worse.value, -worse.high, -worse.low, worse.confidence}, 1 - p_worse, line.pairs},
                        line.rule.tolerance,
                        fmt::format("{} values of base and {} of head", both.base_values().size(),
                                    both.head_values().size())};
    }

    void widen(GateLine& line, const std::vector<double>& base) {
        const double spread = spread_of(base);
        widest_ = std::max(widest_, spread);
        line.rule.tolerance.fail_from += spread;
        line.rule.tolerance.pass_below += spread;
        line.reason = text_of_widening(spread);
    }

    void decide(GateLine& line, const LineVerdict& found, std::size_t family) const {
        const Compared both = compared(line);
        line.p_worse = found.p_worse;
        line.verdict = found.verdict;
        line.improved = found.improved;
        std::string reason = found.reason;
        const double least = least_p_value(both.base_values().size(), both.head_values().size());
        if (line.verdict == Verdict::inconclusive && least * static_cast<double>(family) > alpha())
            reason += " So few values could not show a regression, however large; repeat more often.";
        line.reason = line.reason.empty() ? reason : reason + " " + line.reason;
    }

    /// A PASS of what an arm did not do, or not tell, in some of its trials.
    void take_back(GateLine& line) const {
        if (line.verdict != Verdict::pass || is_of_errors(line.rule)) return;
        const Compared both = compared(line);
        const auto against = obstacles(cell_state(evidence_, line.subject, {Batch::first}));
        std::string reason = reason_against(against, a_verdict | that_all_is_there);
        if (reason.empty()) reason = why_untold(*both.base, line.rule.metric, base_.file().source);
        if (reason.empty()) reason = why_untold(*both.head, line.rule.metric, head_.file().source);
        if (reason.empty()) return;
        line.verdict = Verdict::inconclusive;
        line.improved = false;
        line.reason = reason;
    }

    GateShape shape_;
    const GateRules& rules_;
    const GateEvidence& evidence_;
    const FileSide& base_;
    const FileSide& head_;
    std::vector<GateLine> lines_;
    double widest_ = 0;
};

std::vector<BudgetLine> judged_budgets(const GateRules& rules, const GateEvidence& evidence) {
    std::vector<BudgetLine> lines;
    for (std::size_t subject = 0; subject < evidence.subjects().size(); ++subject) {
        for (const Budget& budget : rules.budgets) {
            lines.push_back(judge_budget({subject, budget, unknown_estimate(), Verdict::inconclusive, ""},
                                         evidence, confidence_for(rules.looks.alpha)));
        }
    }
    return lines;
}

}  // namespace

void require_comparable(const UnpairedGatePlan& plan) {
    require_same_work(plan);
    require_one_machine(plan);
}

GateResult judge_unpaired(const UnpairedGatePlan& plan) {
    check(plan.rules);
    require_comparable(plan);
    GateResult result;
    result.shape = plan.shape;
    result.base.program = plan.base.source;
    result.head.program = plan.head.source;
    result.environment = plan.head.environment;
    result.rules = plan.rules;
    compare_machines(plan, result);
    for (const MeasuredValues* side : {&plan.base, &plan.head}) add_warnings_of(*side, result);

    const FileSide base(plan.base);
    const FileSide head(plan.head);
    add_subjects(result, base, head);
    const GateEvidence evidence(result.subjects, result.samples);
    UnpairedLines lines(result, evidence, base, head);
    result.lines = lines.judged();
    warn_of_rules_for_other_files(plan, result);
    result.budgets = judged_budgets(result.rules, evidence);
    const std::vector<bool> errors_fail = fail_by_errors(result.lines, result.subjects.size());
    for (const auto& warnings :
         {subject_warnings(evidence, base, head), cell_warnings(evidence, {Batch::first}, errors_fail)})
        result.warnings.insert(result.warnings.end(), warnings.begin(), warnings.end());
    result.warnings.push_back({"not-paired", text_of_not_paired(lines.widest()), WarningKind::note});
    return result;
}

}  // namespace asyncbench
