#pragma once

#include <string>

#include "analysis/gate/gate_result.hpp"
#include "harness/trial/json_fields.hpp"

namespace asyncbench {

/// What the page's script draws, in the shape of chart_data() (chart_data.hpp): `ratios` and `drift`.
Json gate_chart_data(const GateResult& result);

/// What the numbers of `ratios` hold for: the load, how many pairs, the confidence of the intervals.
std::string gate_chart_caption(const GateResult& result);

/// What `ratios` does not draw, and why, as a paragraph; empty where it draws every line and pair.
std::string gate_chart_left_out(const GateResult& result);

}  // namespace asyncbench
