#include "reports/text/cell_text.hpp"

#include <fmt/format.h>

#include <cmath>

#include "harness/trial/summary.hpp"
#include "reports/text/cells.hpp"
#include "reports/text/describe.hpp"
#include "reports/text/human.hpp"
#include "reports/text/ranking.hpp"

namespace asyncbench {
namespace {

constexpr const char* nothing = "–";

/// Null where there is no number.
const Estimate* known_estimate(const Cell& cell, std::string_view metric) {
    const Estimate* estimate = estimate_of(cell, metric);
    return estimate != nullptr && std::isfinite(estimate->value) ? estimate : nullptr;
}

/// Whether both have trials enough, which need not be those of the same blocks.
bool can_both_be_ranked(const RunResult& run, const Cell& cell, const StrategySpec& base) {
    const Estimate* one = estimate_of(cell, ranking_metric(run));
    const Cell* other_cell = find_cell(run, base, cell.concurrency);
    const Estimate* other = other_cell == nullptr ? nullptr : estimate_of(*other_cell, ranking_metric(run));
    return one != nullptr && other != nullptr && can_rank(*one) && can_rank(*other);
}

std::string why_no_ratio(const RunResult& run, const Cell& cell, const StrategySpec& base) {
    if (!can_both_be_ranked(run, cell, base)) return "too few trials";
    return differs_from(run, cell, base) ? "apart, too few pairs" : "too few pairs";
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

RatioText ratio_to_base(const RunResult& run, const Cell& cell) {
    if (!is_valid(run, cell)) return {"not valid", ""};
    if (&cell == base_cell(run.summary, cell.concurrency)) return {"", "1×"};
    const Comparison* comparison = comparison_to_base(run, cell);
    if (comparison == nullptr) return {nothing, ""};
    const std::string ratio = human_ratio(comparison->ratio);
    if (!can_rank(comparison->ratio)) return {why_no_ratio(run, cell, comparison->base), ratio};
    return {differs_from(run, cell, comparison->base) ? "" : "no difference shown", ratio};
}

std::string ratio_text(const RunResult& run, const Cell& cell) {
    const RatioText text = ratio_to_base(run, cell);
    return text.words.empty() ? text.ratio : text.words;
}

const StrategySpec* only_base(const RunResult& run) {
    const StrategySpec* only = nullptr;
    for (const std::uint32_t concurrency : concurrencies_of(run)) {
        const Cell* base = base_cell(run.summary, concurrency);
        if (base == nullptr) continue;
        if (only != nullptr && base->strategy != *only) return nullptr;
        only = &base->strategy;
    }
    // Nothing is valid yet, or at all: what it would be.
    if (only == nullptr && !run.scenario.strategies.empty()) only = &run.scenario.strategies.front();
    return only;
}

std::string ratio_heading(const RunResult& run) {
    const bool by_throughput = ranking_metric(run) == "throughput_rps";
    const StrategySpec* base = only_base(run);
    return fmt::format("{} {}", by_throughput ? "to" : "response p99 to",
                       base == nullptr ? "the 1×" : base->name);
}

}  // namespace asyncbench
