#include "reports/text/cell_text.hpp"

#include <fmt/format.h>

#include <cmath>

#include "reports/text/answer.hpp"
#include "reports/text/describe.hpp"
#include "reports/text/human.hpp"

namespace asyncbench {
namespace {

constexpr const char* nothing = "–";

const Estimate* known_estimate(const Cell& cell, std::string_view metric) {
    const auto found = cell.metrics.find(metric);
    return found != cell.metrics.end() && std::isfinite(found->second.value) ? &found->second : nullptr;
}

}  // namespace

std::string value_text(const Cell& cell, std::string_view metric) {
    const Estimate* estimate = known_estimate(cell, metric);
    return estimate != nullptr ? human_metric(metric, estimate->value) : nothing;
}

std::string estimate_text(const Cell& cell, std::string_view metric) {
    const Estimate* estimate = known_estimate(cell, metric);
    return estimate != nullptr ? human_estimate(metric, *estimate) : nothing;
}

std::string ratio_text(const RunResult& run, const Cell& cell) {
    if (!cell.valid()) return "not valid";
    if (cell.strategy == run.scenario.strategies.front()) return "1×";
    const Comparison* comparison = comparison_to_first(run, cell);
    if (comparison == nullptr) return nothing;
    if (!can_rank(comparison->ratio)) return "too few trials";
    return differs_from(run, cell, comparison->base) ? human_ratio(comparison->ratio) : "no difference shown";
}

std::string ratio_heading(const RunResult& run) {
    const bool by_throughput = ranking_metric(run) == "throughput_rps";
    const std::string first =
        run.scenario.strategies.empty() ? "first" : run.scenario.strategies.front().name;
    return fmt::format("{} {}", by_throughput ? "to" : "response p99 to", first);
}

}  // namespace asyncbench
