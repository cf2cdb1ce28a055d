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

/// Throws Error where the two did different work, share no subject, or come from two machines, of which the
/// plan does not say to compare them: for a head that is yet to be measured, whose values are not looked at.
void require_comparable(const UnpairedGatePlan& plan);

/// Judges head by the rules of the gate in one look, without pairs, control and confirmation: times and rates
/// by the exact rank test (compare/ratio_test.hpp), adjusted by Holm's method over all lines; counts as in
/// counted runs, of three runs of each arm at least; failed requests over all trials. `requests` has no line:
/// where the plan fixes the number another one is other work, and where it does not, throughput tells of it.
/// What head has not is INCONCLUSIVE, and so is what a flag or the configuration asks for and neither has. Of
/// a stored base, tolerances grow by half the interquartile range of its values over their median, which is
/// the least that it varies by between two runs. Nothing passes of a cell in which an arm lost a trial or did
/// other work, nor is the result usable then; nor by a metric that not every repetition tells. Budgets hold
/// for what only head has, too. Fills all of the result but tool, command, times and scenario. Throws Error
/// as require_comparable() does.
GateResult judge_unpaired(const UnpairedGatePlan& plan);

}  // namespace asyncbench
