#include "harness/gate/unpaired_gate.hpp"

#include <fmt/format.h>
#include <boost/math/special_functions/binomial.hpp>

#include <algorithm>
#include <cmath>
#include <utility>

#include "harness/compare/ratio_test.hpp"
#include "harness/errors.hpp"
#include "harness/gate/judge_budget.hpp"
#include "harness/gate/judge_counts.hpp"
#include "harness/gate/line_text.hpp"
#include "harness/gate/paired_values.hpp"
#include "harness/stats/holm.hpp"
#include "harness/stats/order_statistics.hpp"

namespace asyncbench {
namespace {

constexpr double confidence_of_absolutes = 0.95;

const MeasuredSubject* find_subject(const MeasuredValues& measured, const std::string& name) {
    const auto found = std::find_if(measured.subjects.begin(), measured.subjects.end(),
                                    [&](const MeasuredSubject& each) { return each.name == name; });
    return found == measured.subjects.end() ? nullptr : &*found;
}

const std::vector<double>& values_of(const MeasuredSubject* subject, const std::string& metric) {
    static const std::vector<double> none;
    if (subject == nullptr) return none;
    const auto found = std::find_if(subject->metrics.begin(), subject->metrics.end(),
                                    [&](const MetricValues& each) { return each.metric == metric; });
    return found == subject->metrics.end() ? none : found->values;
}

bool has_metric(const MeasuredValues& measured, const std::string& metric) {
    return std::any_of(measured.subjects.begin(), measured.subjects.end(),
                       [&](const auto& subject) { return !values_of(&subject, metric).empty(); });
}

Estimate absolute(const std::vector<double>& values) {
    return values.empty() ? unknown_estimate() : median_interval(values, confidence_of_absolutes);
}

/// Half the interquartile range over the median: how much the baseline varied by itself.
double spread_of(const std::vector<double>& values) {
    return (quantile(values, 0.75) - quantile(values, 0.25)) / 2 / median(values);
}

/// The least p-value that the rank test can give: one order of all in C(n + m, n).
double least_p_value(std::size_t n, std::size_t m) {
    return 1 /
           boost::math::binomial_coefficient<double>(static_cast<unsigned>(n + m), static_cast<unsigned>(n));
}

class UnpairedGate {
  public:
    explicit UnpairedGate(const UnpairedGatePlan& plan) : plan_(plan) {}

    GateResult run() {
        require_comparable();
        result_.shape = plan_.shape;
        result_.base.program = plan_.base.source;
        result_.head.program = plan_.head.source;
        result_.environment = plan_.head.environment;
        result_.rules = plan_.rules;
        for (const MeasuredValues* side : {&plan_.base, &plan_.head}) note_warnings(*side);
        for (const MeasuredSubject& subject : plan_.base.subjects) add_subject(subject);
        note_what_is_new();
        judge_lines();
        judge_budgets();
        result_.warnings.push_back({"not-paired", text_of_not_paired(widest_), false});
        return std::move(result_);
    }

  private:
    void require_comparable() {
        const std::string both = fmt::format("{} and {}", plan_.base.source, plan_.head.source);
        if (plan_.base.work != plan_.head.work) {
            throw Error(
                fmt::format("{} did different work, which cannot be compared: {}; and {}. Measure "
                            "both with the same scenario.",
                            both, plan_.base.work, plan_.head.work));
        }
        result_.environment_differences =
            environment_differences(plan_.base.environment, plan_.head.environment);
        if (are_different_machines(result_.environment_differences)) {
            const std::string what = text_of(result_.environment_differences);
            if (!plan_.different_machines) {
                throw Error(fmt::format(
                    "{} come from two machines, whose times say nothing of each other's programs: {}. "
                    "Measure both on one, or, if you know better, give --different-machine.",
                    both, what));
            }
            result_.warnings.push_back(
                {"different-machines", "Base and head come from two machines: " + what + ".", false});
        }
        const bool common = std::any_of(
            plan_.base.subjects.begin(), plan_.base.subjects.end(),
            [&](const MeasuredSubject& subject) { return find_subject(plan_.head, subject.name); });
        if (!common) throw Error(fmt::format("{} have nothing in common to compare.", both));
    }

    /// Those of single subjects are told where they are judged.
    void note_warnings(const MeasuredValues& side) {
        for (Warning warning : side.warnings) {
            warning.invalidates = false;
            const auto& known = result_.warnings;
            if (std::find(known.begin(), known.end(), warning) == known.end())
                result_.warnings.push_back(std::move(warning));
        }
    }

    void note_what_is_new() {
        for (const MeasuredSubject& subject : plan_.head.subjects) {
            if (find_subject(plan_.base, subject.name) != nullptr) continue;
            result_.warnings.push_back(
                {"only-in-head", fmt::format("{} is new: base has nothing to compare it with.", subject.name),
                 false});
        }
    }

    void add_subject(const MeasuredSubject& base) {
        const MeasuredSubject* head = find_subject(plan_.head, base.name);
        const std::size_t index = result_.subjects.size();
        result_.subjects.push_back({base.name, base.strategy, base.concurrency, false, 0});
        add_samples(index, Arm::base, base);
        if (head != nullptr) add_samples(index, Arm::head, *head);
        for (const MeasuredSubject* side : {&base, head}) {
            if (side == nullptr || side->valid) continue;
            result_.warnings.push_back(
                {"cell-invalid",
                 fmt::format("{} of {} is not valid: {}", side->name,
                             side == head ? plan_.head.source : plan_.base.source, why_invalid(*side)),
                 true});
        }
        for (const MetricRule& rule : plan_.rules.metrics) add_line(index, rule, base, head);
        for (const Budget& budget : plan_.rules.budgets)
            result_.budgets.push_back({index, budget, unknown_estimate(), Verdict::inconclusive, ""});
    }

    static std::string why_invalid(const MeasuredSubject& subject) {
        for (const Warning& warning : subject.warnings) {
            if (warning.invalidates) return warning.message;
        }
        return "too few of its trials are.";
    }

    void add_samples(std::size_t subject, Arm arm, const MeasuredSubject& measured) {
        std::map<std::uint32_t, Metrics> trials;
        for (const MetricValues& values : measured.metrics) {
            for (std::size_t i = 0; i < values.values.size(); ++i)
                trials[values.repetitions[i]][values.metric] = {values.values[i], {}};
        }
        for (auto& [repetition, metrics] : trials) {
            GateSample& sample = result_.samples.emplace_back();
            sample.subject = subject;
            sample.arm = arm;
            sample.pair = repetition;
            sample.order = static_cast<std::uint32_t>(result_.samples.size() - 1);
            sample.metrics = std::move(metrics);
        }
    }

    void add_line(std::size_t subject, const MetricRule& rule, const MeasuredSubject& base,
                  const MeasuredSubject* head) {
        // A file of another program tells nothing of what only trials have.
        if (!has_metric(plan_.base, rule.metric) && !has_metric(plan_.head, rule.metric)) return;
        const auto& base_values = values_of(&base, rule.metric);
        const auto& head_values = values_of(head, rule.metric);
        if (base_values.empty() && rule.if_known) return;
        GateLine line;
        line.subject = subject;
        line.rule = rule;
        line.base = absolute(base_values);
        line.head = absolute(head_values);
        line.ratio = unknown_estimate();
        line.pairs = std::min(base_values.size(), head_values.size());
        if (head == nullptr)
            line.reason = fmt::format("{} does not have it.", plan_.head.source);
        else if (base_values.empty() || head_values.empty())
            line.reason = fmt::format("{} has no value of it.",
                                      base_values.empty() ? plan_.base.source : plan_.head.source);
        result_.lines.push_back(std::move(line));
    }

    /// The lines that a test can be made of, with what it is made of.
    struct Family {
        std::vector<GateLine*> lines;
        std::vector<PairedTest> tests;
        std::vector<PairedTest> tests_of_better;
        std::vector<Tolerance> tolerances;
        std::vector<UnpairedCounts> counts;
    };

    void judge_lines() {
        Family family;
        for (GateLine& line : result_.lines) {
            if (line.pairs == 0) continue;
            const std::string& name = result_.subjects[line.subject].name;
            const MeasuredSubject* base_subject = find_subject(plan_.base, name);
            const MeasuredSubject* head_subject = find_subject(plan_.head, name);
            if (!base_subject->valid || !head_subject->valid) {
                line.reason = "It was not measured validly in both.";
                continue;
            }
            const auto& base = values_of(base_subject, line.rule.metric);
            const auto& head = values_of(head_subject, line.rule.metric);
            if (line.rule.metric == "errors") {
                judge_errors(line, base, head);
            } else if (line.rule.lane == Lane::deterministic && line.rule.tolerance.fail_from == 0) {
                judge_counts(line, {base, head, "", ""});
            } else {
                add_to(family, line, base, head);
            }
        }
        if (!family.lines.empty()) judge(family);
    }

    static void judge_errors(GateLine& line, const std::vector<double>& base,
                             const std::vector<double>& head) {
        const double most_of_base = *std::max_element(base.begin(), base.end());
        const double most_of_head = *std::max_element(head.begin(), head.end());
        line.verdict = most_of_head > most_of_base ? Verdict::fail : Verdict::pass;
        line.reason = fmt::format("At most {:.0f} requests of a trial failed in head, {:.0f} in base.",
                                  most_of_head, most_of_base);
    }

    double alpha() const { return result_.rules.looks.alpha; }

    void add_to(Family& family, GateLine& line, const std::vector<double>& base,
                const std::vector<double>& head) {
        const double confidence = std::max(1 - 2 * alpha(), least_confidence_to_pass);
        const RatioTest test = test_unpaired_ratio(base, head, confidence);
        if (!std::isfinite(test.ratio.value)) {
            line.reason = "It is 0 in some trials, which has no ratio.";
            return;
        }
        line.ratio = test.ratio;
        if (line.rule.lane == Lane::information) return;
        if (plan_.shape == GateShape::stored) widen(line, base);
        const Estimate worse = worsening_of(test.ratio, line.rule.metric);
        const double p_worse = worse.value > 0 ? test.p_value / 2 : 1 - test.p_value / 2;
        family.lines.push_back(&line);
        family.tests.push_back({worse, p_worse, line.pairs});
        family.tests_of_better.push_back(
            {{-worse.value, -worse.high, -worse.low, worse.confidence}, 1 - p_worse, line.pairs});
        family.tolerances.push_back(line.rule.tolerance);
        family.counts.push_back({base.size(), head.size()});
    }

    void widen(GateLine& line, const std::vector<double>& base) {
        const double spread = spread_of(base);
        widest_ = std::max(widest_, spread);
        line.rule.tolerance.fail_from += spread;
        line.rule.tolerance.pass_below += spread;
        line.reason = text_of_widening(spread);
    }

    void judge(Family& family) {
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

    void judge_budgets() {
        for (BudgetLine& line : result_.budgets) {
            update_budget(line, result_, std::max(1 - 2 * alpha(), least_confidence_to_pass));
            judge_budget(line, result_);
        }
    }

    const UnpairedGatePlan& plan_;
    GateResult result_;
    double widest_ = 0;  ///< most that a tolerance grew, as a share
};

}  // namespace

GateResult judge_unpaired(const UnpairedGatePlan& plan) {
    check(plan.rules);
    return UnpairedGate(plan).run();
}

}  // namespace asyncbench
