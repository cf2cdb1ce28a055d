#pragma once

#include "harness/gate/gate_result.hpp"

namespace asyncbench {

/// Tells head's median over the trials that did the work, with an interval of this confidence.
void update_budget(BudgetLine& line, const GateResult& result, double confidence);

/// FAIL where the whole interval is on the wrong side of the limit, PASS where it is on the right one.
void judge_budget(BudgetLine& line, const GateResult& result);

}  // namespace asyncbench
