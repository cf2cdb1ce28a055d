#include "analysis/gate/unpaired_lines.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "analysis/compare/ratio_test.hpp"
#include "analysis/gate/cell_state.hpp"
#include "analysis/gate/judge_counts.hpp"
#include "analysis/gate/judge_errors.hpp"
#include "analysis/gate/line_text.hpp"
#include "analysis/gate/paired_values.hpp"
#include "analysis/gate/unpaired_subjects.hpp"
#include "analysis/stats/holm.hpp"
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

bool has_metric(const MeasuredValues& measured, const std::string& metric) {
    return std::any_of(measured.subjects.begin(), measured.subjects.end(),
                       [&](const auto& subject) { return !values_of(&subject, metric).empty(); });
}

/// Why nothing passes by the metric in an arm; empty where each repetition tells it.
std::string why_untold(const MeasuredSubject& subject, const std::string& metric, const std::string& source) {
    const std::size_t told = values_of(&subject, metric).size();
    if (told >= subject.repetitions) return {};
    return fmt::format("No PASS: {} of {} repetitions of {} do not tell it.", subject.repetitions - told,
                       subject.repetitions, source);
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

/// What a test can be made of, over which Holm's method adjusts.
struct UnpairedFamily {
    std::vector<GateLine*> lines;
    std::vector<PairedTest> tests;
    std::vector<PairedTest> tests_of_better;
    std::vector<Tolerance> tolerances;
    std::vector<UnpairedCounts> counts;
};

class UnpairedLines {
  public:
    UnpairedLines(GateResult& result, const MeasuredValues& base, const MeasuredValues& head)
        : result_(result), base_(base), head_(head) {}

    double judge() {
        for (std::size_t index = 0; index < result_.subjects.size(); ++index) {
            if (find_subject(base_, result_.subjects[index].name) == nullptr) continue;
            for (const MetricRule& rule : result_.rules.metrics) add(index, rule);
        }
        UnpairedFamily family;
        for (GateLine& line : result_.lines) judge(line, family);
        if (!family.lines.empty()) judge(family);
        for (GateLine& line : result_.lines) take_back(line);
        return widest_;
    }

  private:
    Compared compared(GateLine& line) const {
        const std::string& name = result_.subjects[line.subject].name;
        return {line, find_subject(base_, name), find_subject(head_, name)};
    }

    bool is_asked(const MetricRule& rule, const Compared& both) const {
        if (rule.metric == "requests") return false;
        if (is_of_errors(rule))
            return tells_trials(both.base) && (both.head == nullptr || tells_trials(both.head));
        if (!has_metric(base_, rule.metric) && !has_metric(head_, rule.metric)) {
            // A file of another program tells nothing of what only trials have, nor does it have to.
            if (rule.asked_by == AskedBy::nobody && !is_of_trials(base_)) return false;
            return !rule.if_known && !is_for_other_files(rule, base_);
        }
        return !both.base_values().empty() || !rule.if_known;
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
            line.reason = fmt::format("It is not in {}.", head_.source);
        else if (line.pairs == 0)
            line.reason = why_no_value(rule, both);
        result_.lines.push_back(std::move(line));
    }

    std::string why_no_value(const MetricRule& rule, const Compared& both) const {
        if (!has_metric(base_, rule.metric) && !has_metric(head_, rule.metric)) {
            return fmt::format("No value of it is in {} or {}; check its name, or leave it out.",
                               base_.source, head_.source);
        }
        return fmt::format("There is no value of it in {}.",
                           both.base_values().empty() ? base_.source : head_.source);
    }

    void judge(GateLine& line, UnpairedFamily& family) {
        const Compared both = compared(line);
        if (both.head == nullptr) return;
        if (is_of_errors(line.rule)) return judge_errors(line, result_, false);
        const std::string reason = cell_state(result_, line.subject, {Batch::first}).not_judged();
        if (!reason.empty()) {
            line.reason = reason;
        } else if (!both.base->usable || !both.head->usable) {
            line.reason = "It is wrong in one of them.";
        } else if (line.pairs == 0) {
            return;
        } else if (line.rule.lane == Lane::deterministic && line.rule.tolerance.fail_from == 0) {
            judge_exact_count(both);
        } else {
            add_to(family, both);
        }
    }

    static void judge_exact_count(const Compared& both) {
        if (both.line.pairs < least_runs_of_a_count) {
            both.line.reason = fmt::format(
                "A count decides by {} runs of each arm or more; repeat more often.", least_runs_of_a_count);
            return;
        }
        judge_counts(both.line, {both.base_values(), both.head_values(), "", ""});
    }

    double alpha() const { return result_.rules.looks.alpha; }

    void add_to(UnpairedFamily& family, const Compared& both) {
        GateLine& line = both.line;
        const double confidence = std::max(1 - 2 * alpha(), least_confidence_to_pass);
        const RatioTest test = test_unpaired_ratio(both.base_values(), both.head_values(), confidence);
        if (!std::isfinite(test.ratio.value)) {
            line.reason = "It is 0 in some trials, which has no ratio.";
            return;
        }
        line.ratio = test.ratio;
        if (line.rule.lane == Lane::information) return;
        if (result_.shape == GateShape::stored) widen(line, both.base_values());
        const Estimate worse = worsening_of(test.ratio, line.rule.metric);
        const double p_worse = worse.value > 0 ? test.p_value / 2 : 1 - test.p_value / 2;
        family.lines.push_back(&line);
        family.tests.push_back({worse, p_worse, line.pairs});
        family.tests_of_better.push_back(
            {{-worse.value, -worse.high, -worse.low, worse.confidence}, 1 - p_worse, line.pairs});
        family.tolerances.push_back(line.rule.tolerance);
        family.counts.push_back({both.base_values().size(), both.head_values().size()});
    }

    void widen(GateLine& line, const std::vector<double>& base) {
        const double spread = spread_of(base);
        widest_ = std::max(widest_, spread);
        line.rule.tolerance.fail_from += spread;
        line.rule.tolerance.pass_below += spread;
        line.reason = text_of_widening(spread);
    }

    void judge(UnpairedFamily& family) const {
        std::vector<double> p_values;
        p_values.reserve(family.tests.size());
        for (const PairedTest& test : family.tests) p_values.push_back(test.p_worse);
        const auto adjusted = holm_adjusted(p_values);
        const auto verdicts = judge_look(family.tests, family.tolerances, alpha());
        const auto better = judge_look(family.tests_of_better, family.tolerances, alpha());
        for (std::size_t i = 0; i < family.lines.size(); ++i) {
            GateLine& line = *family.lines[i];
            const UnpairedCounts& counts = family.counts[i];
            line.p_worse = adjusted[i];
            line.verdict = verdicts[i];
            line.improved = better[i] == Verdict::fail;
            std::string reason = text_of_unpaired(line, family.tests[i], counts);
            const double least =
                least_p_value(counts.base, counts.head) * static_cast<double>(family.lines.size());
            if (line.verdict == Verdict::inconclusive && least > alpha())
                reason += " So few values could not show a regression, however large; repeat more often.";
            line.reason = line.reason.empty() ? reason : reason + " " + line.reason;
        }
    }

    /// A PASS of what an arm did not do, or not tell, in some of its trials.
    void take_back(GateLine& line) const {
        if (line.verdict != Verdict::pass || is_of_errors(line.rule)) return;
        const Compared both = compared(line);
        std::string reason = cell_state(result_, line.subject, {Batch::first}).incomplete();
        if (reason.empty()) reason = why_untold(*both.base, line.rule.metric, base_.source);
        if (reason.empty()) reason = why_untold(*both.head, line.rule.metric, head_.source);
        if (reason.empty()) return;
        line.verdict = Verdict::inconclusive;
        line.improved = false;
        line.reason = reason;
    }

    GateResult& result_;
    const MeasuredValues& base_;
    const MeasuredValues& head_;
    double widest_ = 0;
};

}  // namespace

bool is_for_other_files(const MetricRule& rule, const MeasuredValues& measured) {
    const bool of_trials = find_metric(rule.metric) != nullptr;
    return rule.asked_by == AskedBy::file && of_trials != is_of_trials(measured);
}

double judge_unpaired_lines(GateResult& result, const MeasuredValues& base, const MeasuredValues& head) {
    return UnpairedLines(result, base, head).judge();
}

}  // namespace asyncbench
