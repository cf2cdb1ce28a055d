#include "reports/text/cell_text.hpp"

#include <fmt/format.h>

#include <cmath>

#include "analysis/summary.hpp"
#include "harness/trial/metric.hpp"
#include "reports/text/cells.hpp"
#include "reports/text/describe.hpp"
#include "reports/text/human.hpp"
#include "reports/text/ranking.hpp"

namespace asyncbench {
namespace {

/// Null where there is no number.
const Estimate* known_estimate(const Cell& cell, std::string_view metric) {
    const Estimate* estimate = estimate_of(cell, metric);
    return estimate != nullptr && std::isfinite(estimate->value) ? estimate : nullptr;
}

std::string_view bound_sign(const Cell& cell, std::string_view metric) {
    return sign_of_bound(bound_of(cell, metric));
}

}  // namespace

int bound_of_ratio(int base, int head) {
    return base != 0 && head != 0 ? 0 : head - base;
}

std::string_view sign_of_bound(int bound) {
    return bound > 0 ? "≥ " : bound < 0 ? "≤ " : "";
}

std::string value_text(const Cell& cell, std::string_view metric) {
    const Estimate* estimate = known_estimate(cell, metric);
    if (estimate == nullptr) return no_value;
    return fmt::format("{}{}", bound_sign(cell, metric), human_metric(metric, estimate->value));
}

std::string estimate_text(const Cell& cell, std::string_view metric) {
    const Estimate* estimate = known_estimate(cell, metric);
    if (estimate == nullptr) return no_value;
    return fmt::format("{}{}", bound_sign(cell, metric), human_estimate(metric, *estimate));
}

std::string ratio_text(const RunResult& run, const Cell& cell) {
    if (cell.unavailable()) return no_value;
    if (!is_usable(run, cell)) return "wrong";
    const Cell* base = base_cell(run.summary, cell.concurrency);
    if (&cell == base) return "1×";
    const Comparison* comparison = comparison_to_base(run, cell);
    if (comparison == nullptr) return no_value;
    const int of_base = bound_of(*base, comparison->metric);
    const int of_head = bound_of(cell, comparison->metric);
    return fmt::format("{}{}{}", sign_of_bound(bound_of_ratio(of_base, of_head)),
                       human_ratio(comparison->ratio), of_base != 0 && of_head != 0 ? " (limited)" : "");
}

const StrategySpec* only_base(const RunResult& run) {
    const StrategySpec* only = nullptr;
    for (const std::uint32_t concurrency : concurrencies_of(run)) {
        const Cell* base = base_cell(run.summary, concurrency);
        if (base == nullptr) continue;
        if (only != nullptr && base->strategy != *only) return nullptr;
        only = &base->strategy;
    }
    // Nothing is usable yet, or at all: what it would be.
    if (only == nullptr && !run.scenario.strategies.empty()) only = &run.scenario.strategies.front();
    return only;
}

std::string ratio_heading(const RunResult& run) {
    const StrategySpec* base = only_base(run);
    return fmt::format("{} {}", ranks_by_throughput(run) ? "to" : "response p99 to",
                       base == nullptr ? "the 1×" : base->name);
}

std::string trials_text(const Cell& cell) {
    std::string text = fmt::format("{} of {}", cell.used_trials, cell.trials);
    if (cell.limited_trials > 0) text += fmt::format(", {} limited", cell.limited_trials);
    if (cell.disturbed_trials > 0) text += fmt::format(", {} disturbed", cell.disturbed_trials);
    return text;
}

std::string_view standing_of(const RunResult& run, const Trial& trial) {
    return name_of(trial.usable() && is_wrong_as_a_whole(run) ? Standing::wrong : trial.standing());
}

std::string standing_of(const RunResult& run, const Cell& cell) {
    if (cell.unavailable()) return "unavailable";
    if (!is_usable(run, cell)) return "wrong";
    if (cell.limited()) return "limited";
    std::string text;
    if (cell.disturbed_trials > 0)
        text = fmt::format("disturbed in {} of {}", cell.disturbed_trials, cell.used_trials);
    if (cell.used_trials < cell.trials)
        text += fmt::format("{}{} of {} lost", text.empty() ? "" : ", ", cell.trials - cell.used_trials,
                            cell.trials);
    return text;
}

}  // namespace asyncbench
