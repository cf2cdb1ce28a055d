#pragma once

#include <optional>
#include <string>

#include "analysis/gate/evidence.hpp"

namespace asyncbench {

/// What the control's trials show, those measured first or the fresh ones; none where there are no pairs of
/// it.
std::optional<GateControl> control_of(const GateRules& rules, const GateEvidence& evidence, Batch batch);

/// Why a gate that has a control lacks it: fewer than half of the control's pairs told anything. Empty where
/// it has one, where it was measured to have none, and where it has no trials in this batch at all.
std::string why_no_control(const GateEvidence& evidence, Batch batch);

/// The same of either batch, as a warning that the measurement is wrong.
std::optional<Warning> control_warning(const GateEvidence& evidence);

}  // namespace asyncbench
