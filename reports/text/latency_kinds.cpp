#include "reports/text/latency_kinds.hpp"

#include <algorithm>

namespace asyncbench {

bool is_told(const Scenario& scenario, std::string_view metric) {
    return has_response_times(scenario) || !metric.starts_with("response_");
}

std::vector<std::string_view> latency_kinds(const RunResult& run) {
    std::vector<std::string_view> kinds{"service"};
    if (has_response_times(run.scenario)) kinds.emplace_back("response");
    const bool any = std::any_of(run.summary.begin(), run.summary.end(),
                                 [](const Cell& cell) { return cell.metrics.contains("overhead_p50_ns"); });
    if (any) kinds.emplace_back("overhead");
    return kinds;
}

}  // namespace asyncbench
