#include "analysis/gate/judge_unpaired.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "analysis/compare/ratio.hpp"
#include "analysis/gate/judge_counts.hpp"
#include "analysis/gate/judge_lines.hpp"
#include "analysis/gate/paired_values.hpp"
#include "analysis/stats/order_statistics.hpp"
#include "harness/trial/metric.hpp"

namespace asyncbench {
namespace {

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

/// A line, and what it compares.
struct Compared {
    GateLine line;
    const MeasuredCell* base = nullptr;
    const MeasuredCell* head = nullptr;  ///< null where head has it not
    std::vector<double> base_values = {};
    std::vector<double> head_values = {};
};

std::vector<double> values_if_any(const MeasuredCell* cell, const std::string& metric) {
    return cell == nullptr ? std::vector<double>() : values_of(*cell, metric).values;
}

std::string why_no_ratio(const Compared& both) {
    const auto is_negative = [](double value) { return value < 0; };
    const bool some_are = std::any_of(both.base_values.begin(), both.base_values.end(), is_negative) ||
                          std::any_of(both.head_values.begin(), both.head_values.end(), is_negative);
    return fmt::format("It is {} in some trials, which has no ratio.", some_are ? "below 0" : "0");
}

/// Why nothing passes by so few of a cell's values; empty where each trial has one.
std::string why_untold(const MeasuredCell& cell, std::size_t values, const std::string& source) {
    if (values >= cell.used_trials) return {};
    return fmt::format("No PASS: {} of {} repetitions of {} do not tell it.", cell.used_trials - values,
                       cell.used_trials, source);
}

class UnpairedJudge {
  public:
    UnpairedJudge(const GateRules& rules, GateShape shape, const GateEvidence& evidence, const FileSide& base,
                  const FileSide& head)
        : shape_(shape), rules_(rules), evidence_(evidence), base_(base), head_(head) {}

    UnpairedLines judged() {
        for (std::size_t subject = 0; subject < evidence_.subjects().size(); ++subject) {
            if (base_.find(evidence_.subjects()[subject].name) == nullptr) continue;
            if (cell_state(evidence_, subject, {Batch::first}).unavailable()) continue;
            for (const MetricRule& rule : rules_.metrics) add(subject, rule);
        }
        std::vector<Compared*> tested;
        std::vector<LineTest> family;
        for (Compared& each : compared_) {
            if (auto test = judge_or_test(each)) {
                tested.push_back(&each);
                family.push_back(std::move(*test));
            }
        }
        const std::vector<LineVerdict> found = judge_family(family, alpha());
        for (std::size_t i = 0; i < tested.size(); ++i) decide(*tested[i], found[i], tested.size());
        UnpairedLines judged{{}, widest_};
        for (Compared& each : compared_) {
            take_back(each);
            judged.lines.push_back(std::move(each.line));
        }
        return judged;
    }

  private:
    double alpha() const { return rules_.looks.alpha; }

    bool is_told(const MetricRule& rule) const {
        return base_.has_metric(rule.metric) || head_.has_metric(rule.metric);
    }

    bool is_asked(const Compared& both) const {
        const MetricRule& rule = both.line.rule;
        if (rule.metric == "requests") return false;
        if (is_of_errors(rule))
            return both.base->is_of_trials() && (both.head == nullptr || both.head->is_of_trials());
        if (is_told(rule)) return !both.base_values.empty() || !rule.if_known;
        // A file of another program tells nothing of what only trials have, nor does it have to.
        if (rule.asked_by == AskedBy::nobody && !base_.is_of_trials()) return false;
        return !rule.if_known && !is_for_other_files(rule, base_);
    }

    void add(std::size_t subject, const MetricRule& rule) {
        const std::string& name = evidence_.subjects()[subject].name;
        Compared both{{}, base_.find(name), head_.find(name)};
        both.base_values = values_if_any(both.base, rule.metric);
        both.head_values = values_if_any(both.head, rule.metric);
        GateLine& line = both.line;
        line.subject = subject;
        line.rule = rule;
        if (!is_asked(both)) return;
        line.base = median_estimate(both.base_values);
        line.head = median_estimate(both.head_values);
        line.ratio = unknown_estimate();
        line.pairs = std::min(both.base_values.size(), both.head_values.size());
        if (both.head == nullptr)
            line.reason = fmt::format("It is not in {}.", head_.source());
        else if (line.pairs == 0)
            line.reason = why_no_value(both);
        compared_.push_back(std::move(both));
    }

    std::string why_no_value(const Compared& both) const {
        if (!is_told(both.line.rule)) {
            return fmt::format("No value of it is in {} or {}; check its name, or leave it out.",
                               base_.source(), head_.source());
        }
        return fmt::format("There is no value of it in {}.",
                           (both.base_values.empty() ? base_ : head_).source());
    }

    /// What is to be tested of the line; none where it is judged, or cannot be.
    std::optional<LineTest> judge_or_test(Compared& both) {
        GateLine& line = both.line;
        if (both.head == nullptr) return std::nullopt;
        if (is_of_errors(line.rule)) {
            line = judge_errors(std::move(line), rules_, evidence_, false);
            return std::nullopt;
        }
        const auto against = obstacles(cell_state(evidence_, line.subject, {Batch::first}));
        if (std::string reason = reason_against(against, a_verdict); !reason.empty()) {
            line.reason = std::move(reason);
        } else if (!both.base->usable() || !both.head->usable()) {
            line.reason = "It is wrong in one of them.";
        } else if (line.pairs > 0) {
            if (line.rule.lane != Lane::deterministic || line.rule.tolerance.fail_from > 0)
                return test_of(both);
            judge_exact_count(both);
        }
        return std::nullopt;
    }

    static void judge_exact_count(Compared& both) {
        if (both.line.pairs < least_runs_of_a_count) {
            both.line.reason = fmt::format(
                "A count decides by {} runs of each arm or more; repeat more often.", least_runs_of_a_count);
            return;
        }
        judge_counts(both.line, {both.base_values, both.head_values, "", ""});
    }

    /// None of a line for information, and of one that has no ratio.
    std::optional<LineTest> test_of(Compared& both) {
        GateLine& line = both.line;
        const Ratio test = test_unpaired_ratio(both.base_values, both.head_values, confidence_for(alpha()));
        if (!std::isfinite(test.ratio.value)) {
            line.reason = why_no_ratio(both);
            return std::nullopt;
        }
        line.ratio = test.ratio;
        if (line.rule.lane == Lane::information) return std::nullopt;
        if (shape_ == GateShape::stored) widen(line, both.base_values);
        const Estimate worse = worsening_of(test.ratio, line.rule.metric);
        const double p_worse = worse.value > 0 ? test.p_value / 2 : 1 - test.p_value / 2;
        return line_test({worse, p_worse, line.pairs}, 1 - p_worse, line.rule.tolerance,
                         fmt::format("{} values of base and {} of head", both.base_values.size(),
                                     both.head_values.size()));
    }

    void widen(GateLine& line, const std::vector<double>& base) {
        const double spread = spread_of(base);
        widest_ = std::max(widest_, spread);
        line.rule.tolerance.fail_from += spread;
        line.rule.tolerance.pass_below += spread;
        line.reason = fmt::format(
            "The tolerance grew by {:.1f} %, by which the stored values varied themselves.", 100 * spread);
    }

    void decide(Compared& both, const LineVerdict& found, std::size_t family) const {
        GateLine& line = both.line;
        line.p_worse = found.p_worse;
        line.verdict = found.verdict;
        line.improved = found.improved;
        std::string reason = found.reason;
        const double least = least_p_value(both.base_values.size(), both.head_values.size());
        if (line.verdict == Verdict::inconclusive && least * static_cast<double>(family) > alpha())
            reason += " So few values could not show a regression, however large; repeat more often.";
        line.reason = line.reason.empty() ? reason : reason + " " + line.reason;
    }

    /// A PASS of what an arm did not do, or not tell, in some of its trials.
    void take_back(Compared& both) const {
        GateLine& line = both.line;
        if (line.verdict != Verdict::pass || is_of_errors(line.rule)) return;
        const auto against = obstacles(cell_state(evidence_, line.subject, {Batch::first}));
        std::string reason = reason_against(against, a_verdict | that_all_is_there);
        if (reason.empty()) reason = why_untold(*both.base, both.base_values.size(), base_.source());
        if (reason.empty()) reason = why_untold(*both.head, both.head_values.size(), head_.source());
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
    std::vector<Compared> compared_;
    double widest_ = 0;
};

}  // namespace

FileSide::FileSide(const MeasuredValues& values)
    : values_(values), cells_(values), is_of_trials_(asyncbench::is_of_trials(values)) {
    for (const MeasuredCell& cell : values.cells) {
        for (std::string& metric : metrics_of(cell)) {
            if (!metrics_.contains(metric) && !values_of(cell, metric).values.empty())
                metrics_.insert(std::move(metric));
        }
    }
}

bool is_for_other_files(const MetricRule& rule, const FileSide& side) {
    const bool of_trials = find_metric(rule.metric) != nullptr;
    return rule.asked_by == AskedBy::file && of_trials != side.is_of_trials();
}

UnpairedLines judge_unpaired_lines(const GateRules& rules, GateShape shape, const GateEvidence& evidence,
                                   const FileSide& base, const FileSide& head) {
    return UnpairedJudge(rules, shape, evidence, base, head).judged();
}

}  // namespace asyncbench
