#pragma once

#include <string_view>
#include <vector>

#include "analysis/run_result.hpp"

namespace asyncbench {

/// Whether response times say more than service times do. In a closed loop a request is due when it is sent,
/// so that both are the same.
bool has_response_times(const Scenario& scenario);

/// Whether the metric says anything that another does not: false of response times where they are service
/// times.
bool is_told(const Scenario& scenario, std::string_view metric);

/// What is told of a run's latency: `service`; `response` where it differs; `overhead` where it is known.
std::vector<std::string_view> latency_kinds(const RunResult& run);

}  // namespace asyncbench
