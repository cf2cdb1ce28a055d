#pragma once

#include "analysis/gate/gate_result.hpp"

namespace asyncbench {

// A budget is a limit that head must hold by itself. It is no comparison, so that it has no part of the
// family whose chance of a false FAIL is alpha: the interval of head's median decides, of the confidence of a
// look.

/// Tells head's median over the trials that did the work, with an interval of this confidence; decides
/// nothing. What was decided stays.
void update_budget(BudgetLine& line, const GateResult& result, double confidence);

/// FAIL where the whole interval is on the wrong side of the limit. PASS where it is on the right one and no
/// trial of the cell was lost, and each of head told the metric.
void judge_budget(BudgetLine& line, const GateResult& result);

/// By the fresh batch alone, what failed: FAIL where it is broken again, or where head could not be measured
/// again; else INCONCLUSIVE.
void confirm_budget(BudgetLine& line, const GateResult& result, double confidence);

}  // namespace asyncbench
