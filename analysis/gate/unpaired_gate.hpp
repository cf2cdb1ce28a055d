#pragma once

#include "analysis/compare/measured_values.hpp"
#include "analysis/gate/gate_result.hpp"
#include "analysis/gate/rules.hpp"

namespace asyncbench {

/// Two measurements of different times, as GateShape::stored and GateShape::files have them.
struct UnpairedGatePlan {
    GateShape shape = GateShape::files;
    MeasuredValues base;
    MeasuredValues head;
    GateRules rules;
    /// Compares times of two machines all the same, with a warning.
    bool different_machines = false;
};

/// Throws Error where the two did different work, share no subject, or come from two machines although the
/// plan does not allow that. It looks at no values, so that head may be yet to be measured.
void require_comparable(const UnpairedGatePlan& plan);

/// Judges head by the rules of the gate in one look, without pairs, control and confirmation.
/// - Times and rates: the exact rank test (compare/ratio.hpp), with Holm's method over all lines.
/// - Counts: as in counted runs, of three runs of each arm at least.
/// - Errors: failed requests over all trials.
/// - `requests` has no line. Where the plan fixes the number, another one is other work. Where it does not,
///   throughput shows the difference.
/// - Budgets hold for what only head has, too.
/// What head has not is INCONCLUSIVE. So is what a flag or the configuration asks for and neither has.
/// Of a stored base, tolerances grow by half the interquartile range of its values over their median: two
/// runs differ by that at least. Nothing passes in a cell in which an arm lost a trial or did other work, and
/// the result is not usable then. Nothing passes by a metric that some repetitions lack. Fills all of the
/// result but tool, command, times and scenario. Throws Error as require_comparable() does.
GateResult judge_unpaired(const UnpairedGatePlan& plan);

}  // namespace asyncbench
