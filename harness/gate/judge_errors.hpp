#pragma once

#include "harness/gate/gate_result.hpp"

namespace asyncbench {

/// Whether it is the rule of requests that fail although the profile asks for no failure. They are counted
/// over all trials; one is enough.
bool is_of_errors(const MetricRule& rule);

/// Tells the counts of both arms.
void update_errors(GateLine& line, const GateResult& result);
/// FAIL where head has errors and base has none; where base has some, the cell is not valid.
void judge_errors(GateLine& line, const GateResult& result);
/// INCONCLUSIVE where a line that failed has no errors in the fresh batch.
void confirm_errors(GateLine& line, const GateResult& result);

}  // namespace asyncbench
