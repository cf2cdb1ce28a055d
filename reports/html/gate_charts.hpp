#pragma once

#include "harness/gate/gate_result.hpp"
#include "harness/trial/json_fields.hpp"

namespace asyncbench {

/// What the page's script draws, in the shape of chart_data() (chart_data.hpp): `ratios` and `drift`.
Json gate_chart_data(const GateResult& result);

}  // namespace asyncbench
