#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "analysis/run_result.hpp"

namespace asyncbench {

/// Cells of one concurrency that no order tells apart as a whole, the best median first.
using Group = std::vector<const Cell*>;

/// Those of `all` that are not among `some`.
Group without(const Group& all, const Group& some);

/// The usable cells of the ranked concurrency, best first: a boundary is where everybody above is shown to be
/// better than everybody below. Empty where nothing was ranked. Pointers into `run.summary`.
std::vector<Group> ranked_groups(const RunResult& run);

/// Which strategies to take, and what told them from those that are as fast. Speed comes first, then CPU time
/// a request, then memory, then lines of code. Of the two costs only a difference that is shown and is a
/// tenth or more decides.
struct Choice {
    enum class By { cpu, memory, code };
    struct Step {
        By by = By::cpu;
        Group left_out;  ///< one or more
        Group left;
    };

    Group fastest;  ///< that no other is shown to beat
    /// Of these, the best median and what is alike to it or within 10 % of it, as measured or with the waits
    /// for a CPU given back. Too few blocks, or too much noise, leave an order open between any two: who is
    /// far behind is not chosen for that.
    Group close;
    std::vector<Step> steps;  ///< from `close` to `chosen`; those that left nobody out are not among them
    Group chosen;             ///< of these; several where nothing tells them apart
};
Choice choose(const RunResult& run);

/// Of the metric that the run ranks by, of `cell` to base_cell() of its concurrency (summary.hpp). Null for
/// that itself and where there is none.
const Comparison* comparison_to_base(const RunResult& run, const Cell& cell);

/// The share by which the usable cells of a concurrency may differ, where that is at most a tenth: 0.02 where
/// the intervals of all ratios to the base lie within 2 % of 1. None where they may differ by more, where
/// there are fewer than two, or where too few trials say so.
std::optional<double> all_alike_within(const RunResult& run, std::uint32_t concurrency);

/// Head over base of the 99th percentile of latency, where a difference of a tenth or more is shown.
std::optional<Comparison> shown_tail(const RunResult& run, const Cell& base, const Cell& head);

/// Whether two that are apart as measured, with no order shown, may be so by the scheduler alone: with the
/// waits for a CPU given back the one behind is ahead, or within 10 %.
bool waits_may_explain(const Order& order);

/// Head over base of the throughput on a machine where nothing disturbs: disturbance only slows, and the
/// target's delays bound what is possible, so that the ratio lies between the slowest of head over the ideal
/// of base and the reverse. None for open loops and foreign targets, where no ideal is known.
struct Bounds {
    double low = 0;
    double high = 0;
};
std::optional<Bounds> undisturbed_bounds(const Scenario& scenario, const Cell& base, const Cell& head);

}  // namespace asyncbench
