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

/// Judges head by the rules of the gate in one look, without pairs, control and confirmation
/// (unpaired_lines.hpp). Of a stored base, tolerances grow by what it varied by within one run, which is the
/// least it varies by between two. Nothing passes of a cell in which an arm lost a trial or did other work,
/// nor is the result usable then; nor by a metric that not every repetition tells. Budgets hold for what only
/// head has, too. Fills all of the result but tool, command, times and scenario. Throws Error as
/// require_comparable() does.
GateResult judge_unpaired(const UnpairedGatePlan& plan);

}  // namespace asyncbench
