#pragma once

#include <optional>

#include "harness/gate/gate_result.hpp"

namespace asyncbench {

/// What the control's trials show, those measured first or those that confirm; none where there are no pairs
/// of it.
std::optional<GateControl> control_of(const GateResult& result, bool confirmation);

}  // namespace asyncbench
