#include "analysis/gate/judge_counts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string_view>
#include <utility>

#include "analysis/gate/judge_lines.hpp"
#include "analysis/gate/paired_values.hpp"
#include "analysis/stats/order_statistics.hpp"
#include "harness/trial/metric.hpp"

namespace asyncbench {
namespace {

/// Of a count that is to be equal and is not the same from one run to the next.
constexpr double tolerance_of_unsteady = 0.02;

struct Range {
    double lowest = 0;
    double middle = 0;
    double highest = 0;

    explicit Range(const std::vector<double>& values)
        : lowest(*std::min_element(values.begin(), values.end())),
          middle(median(values)),
          highest(*std::max_element(values.begin(), values.end())) {}
    bool is_one_value() const { return lowest == highest; }
    double spread() const { return highest > 0 ? highest / lowest - 1 : 0; }
};

double ratio_of(double head, double base) {
    return base == head ? 1 : head / base;
}

void tell(GateLine& line, const CountedRuns& runs) {
    line.base = median_estimate(runs.base);
    line.head = median_estimate(runs.head);
    line.ratio = unknown_estimate();
    line.pairs = std::min(runs.base.size(), runs.head.size());
    line.ratios.clear();
    if (line.pairs == 0) return;
    const Range base(runs.base);
    const Range head(runs.head);
    // From 0 to something has no ratio.
    if (base.lowest == 0 && head.highest > 0) return;
    line.ratio = {ratio_of(head.middle, base.middle), ratio_of(head.lowest, base.highest),
                  ratio_of(head.highest, base.lowest), line.base.confidence};
    for (std::size_t i = 0; i < line.pairs; ++i) {
        line.ratios.push_back(ratio_of(runs.head[i], runs.base[i]));
    }
}

/// How head relates to base, turned so that more is worse.
struct Difference {
    double share = 0;  ///< of the medians; infinite from 0 to something
    bool all_worse = false;
    bool all_better = false;
    bool one_worse = false;  ///< a run of head is worse than each of base
};

Difference difference_of(const Range& base, const Range& head, bool lower_is_better) {
    const Range& less = lower_is_better ? base : head;
    const Range& more = lower_is_better ? head : base;
    return {ratio_of(more.middle, less.middle) - 1, more.lowest > less.highest, more.highest < less.lowest,
            lower_is_better ? head.highest > base.highest : head.lowest < base.lowest};
}

/// `1.8 % more`, with the values that it comes from.
std::string text_of(const Range& base, const Range& head, std::size_t runs) {
    const double share = ratio_of(head.middle, base.middle) - 1;
    const std::string change =
        base.middle == 0 ? "where base has none"
                         : fmt::format("{:.2f} % {}", 100 * std::abs(share), share < 0 ? "fewer" : "more");
    return fmt::format("{:.6g} instead of {:.6g}, {}, in {} runs of each arm", head.middle, base.middle,
                       change, runs);
}

void decide(GateLine& line, Verdict verdict, std::string reason) {
    line.verdict = verdict;
    line.reason = std::move(reason);
}

void stand_aside(GateLine& line, LineStanding standing, std::string reason) {
    line.standing = standing;
    line.reason = std::move(reason);
}

void judge_by_tolerance(GateLine& line, const Range& base, const Range& head, const Difference& difference) {
    const Tolerance& tolerance = line.rule.tolerance;
    const std::string text = text_of(base, head, line.pairs);
    const double most_spread = 2 * tolerance.pass_below;
    const double spread = std::max(base.spread(), head.spread());
    line.improved = difference.all_better && -difference.share >= tolerance.fail_from;
    if (difference.all_worse && difference.share >= tolerance.fail_from) {
        decide(line, Verdict::fail,
               fmt::format("{}; it fails from {:.3g} %.", text, 100 * tolerance.fail_from));
    } else if (spread > most_spread) {
        decide(line, Verdict::inconclusive,
               fmt::format("The runs of one arm differ by {:.2g} % between themselves, which hides {:.3g} %.",
                           100 * spread, 100 * tolerance.fail_from));
    } else if (difference.share < tolerance.pass_below) {
        decide(line, Verdict::pass,
               base.middle == head.middle
                   ? fmt::format("{:.6g} in {} runs of each arm.", head.middle, line.pairs)
                   : fmt::format("{}; it passes below {:.3g} %.", text, 100 * tolerance.pass_below));
    } else {
        decide(line, Verdict::inconclusive, fmt::format("{}, but not in all of them.", text));
    }
}

void judge_exactly(GateLine& line, const Range& base, const Range& head, const Difference& difference) {
    const std::string text = text_of(base, head, line.pairs);
    if (!base.is_one_value() || !head.is_one_value()) {
        if (difference.all_worse && difference.share >= tolerance_of_unsteady) {
            return decide(line, Verdict::fail,
                          fmt::format("{}; it is not the same in all of them, and fails from {:.3g} %.", text,
                                      100 * tolerance_of_unsteady));
        }
        if (base.is_one_value() && difference.one_worse) {
            return decide(
                line, Verdict::inconclusive,
                fmt::format("{}; head has more in some of them, and base is the same in all.", text));
        }
        return stand_aside(line, LineStanding::not_exact,
                           fmt::format("{}; not the same in all of them, so that it decides nothing.", text));
    }
    line.improved = difference.all_better;
    if (difference.share == 0) {
        return decide(line, Verdict::pass,
                      fmt::format("{:.6g} in all {} runs of each arm.", head.middle, line.pairs));
    }
    decide(line, difference.all_worse ? Verdict::fail : Verdict::pass,
           fmt::format("{}; {}.", text, difference.all_worse ? "it must not grow" : "that is better"));
}

/// Of a count that is the work itself.
void judge_identity(GateLine& line, const Range& base, const Range& head) {
    const bool same = base.is_one_value() && head.is_one_value() && base.lowest == head.lowest;
    decide(line, same ? Verdict::pass : Verdict::inconclusive,
           same ? fmt::format("{:.6g} in all {} runs of each arm.", head.middle, line.pairs)
                : fmt::format("{}; the arms did not do the same work.", text_of(base, head, line.pairs)));
}

std::size_t runs_of(const GateEvidence& evidence, std::size_t subject, Batch batch, Arm arm) {
    const CellState state = cell_state(evidence, subject, {batch});
    return (arm == Arm::base ? state.base : state.head).trials;
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
    for (const GateTrial* sample : evidence.samples(subject)) {
        if (!is_of(*sample, batches) || !did_the_work(*sample, evidence.subjects()[subject])) continue;
        const bool is_base = sample->arm == Arm::base;
        if (const auto value = value_of(sample->metrics, metric)) {
            (is_base ? runs.base : runs.head).push_back(*value);
            continue;
        }
        (is_base ? runs.base_unknown : runs.head_unknown) = why_unknown(*sample, metric);
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

}  // namespace

void judge_counts(GateLine& line, const CountedRuns& runs) {
    tell(line, runs);
    if (!runs.lost.empty()) return decide(line, Verdict::inconclusive, runs.lost);
    if (line.pairs == 0) {
        const bool by_base = runs.base.empty();
        const std::string reason = fmt::format("{} does not tell it: {}.", by_base ? "base" : "head",
                                               by_base ? runs.base_unknown : runs.head_unknown);
        if (by_base && line.rule.if_known) return stand_aside(line, LineStanding::not_told, reason);
        return decide(line, Verdict::inconclusive, reason);
    }
    for (const auto& [arm, why] : {std::pair{"base", &runs.base_unknown}, {"head", &runs.head_unknown}}) {
        if (why->empty()) continue;
        return decide(line, Verdict::inconclusive,
                      fmt::format("A run of {} does not tell it: {}.", arm, *why));
    }
    const Range base(runs.base);
    const Range head(runs.head);
    const MetricInfo* info = find_metric(line.rule.metric);
    const bool lower_is_better = metric_kind(line.rule.metric).better != Better::higher;
    const Difference difference = difference_of(base, head, lower_is_better);
    if (info != nullptr && info->better == Better::neither) {
        judge_identity(line, base, head);
    } else if (line.rule.tolerance.fail_from > 0) {
        judge_by_tolerance(line, base, head, difference);
    } else {
        judge_exactly(line, base, head, difference);
    }
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

}  // namespace asyncbench
