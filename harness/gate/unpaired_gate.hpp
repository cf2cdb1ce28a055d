#pragma once

#include "harness/compare/measured_values.hpp"
#include "harness/gate/gate_result.hpp"
#include "harness/gate/rules.hpp"

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

/// Judges head by the rules of the gate in one look, without pairs, control and confirmation: by the exact
/// rank test (compare/ratio_test.hpp) and Holm's method over all lines. Of a stored base, tolerances grow by
/// half the interquartile range of its values, as what it varied by within one run is the least it varies by
/// between two. What head has not is INCONCLUSIVE. Counts that must not change at all
/// are judged as in the deterministic lane. Fills all of the result but tool, command, times and scenario.
/// Throws Error where the two did different work, share no subject, or come from two machines.
GateResult judge_unpaired(const UnpairedGatePlan& plan);

}  // namespace asyncbench
