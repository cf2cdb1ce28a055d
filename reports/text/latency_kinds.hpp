#pragma once

#include <string_view>
#include <vector>

#include "analysis/run_result.hpp"

namespace asyncbench {

/// Whether the metric says anything that another does not: false of response times where they are service
/// times.
bool is_told(const Scenario& scenario, std::string_view metric);

/// What is told of a run's latency: `service`; `response` where it differs; `overhead` where it is known.
std::vector<std::string_view> latency_kinds(const RunResult& run);

}  // namespace asyncbench
