#pragma once

#include <string>
#include <vector>

#include "analysis/disturbance.hpp"
#include "analysis/run_result.hpp"
#include "reports/text/describe.hpp"

namespace asyncbench {

/// `The machine was busy in 7 of 10 blocks: other programs used 1.0 cores.`
std::string describe(const Disturbance& disturbance);

/// The run's warnings with the gravest kind first. What disturbed whole blocks stands in one of them, not at
/// each cell that it met.
std::vector<PlacedWarning> warnings_to_list(const RunResult& run);

}  // namespace asyncbench
