#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "analysis/gate/evidence.hpp"
#include "analysis/gate/gate_result.hpp"

namespace asyncbench {

/// What the gate concludes of what it measured.
struct Judgement {
    std::vector<GateLine> lines;
    std::vector<BudgetLine> budgets;
    std::optional<GateControl> control;
    std::vector<Warning> warnings;
};

/// Judges all that was measured in pairs and counted runs. A pure function. Each look is judged by the pairs
/// that it had, and what it decides stays. Then the fresh batch alone judges what failed. Where nothing more
/// is measured, a verdict is taken back that does not stand by what came after it.
///
/// The fresh batch is one look and may spend the whole alpha, and each line is judged by itself: the looks
/// before it have kept the family's chance of a false FAIL already. What does not fail again is INCONCLUSIVE,
/// but where head could not be measured again it is no less a FAIL.
Judgement judge(const GateRules& rules, const GateEvidence& evidence, const GateStage& stage);

/// Puts into a result what judge() says of what it holds, behind its notes.
void conclude(GateResult& result);

}  // namespace asyncbench
