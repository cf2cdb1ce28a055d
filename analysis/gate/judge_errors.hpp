#pragma once

#include "analysis/gate/gate_result.hpp"

namespace asyncbench {

/// Whether it is the rule of requests that fail although the profile asks for no failure. They are counted
/// over all trials, those of the counted runs too; one is enough.
bool is_of_errors(const MetricRule& rule);

/// Tells the counts of both arms.
void update_errors(GateLine& line, const GateResult& result);

/// Tells and judges them. FAIL where head has errors and base has none; where base
/// has some, the cell is wrong. Once `measured_again`, head's errors fail where they showed in the fresh
/// batch and before it; where in one of the two, the cell is wrong.
void judge_errors(GateLine& line, const GateResult& result, bool measured_again);

}  // namespace asyncbench
