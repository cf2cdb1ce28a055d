#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "reports/html/chart_rows.hpp"
#include "reports/html/standing.hpp"
#include "reports/text/cell_text.hpp"
#include "reports/text/cells.hpp"
#include "reports/text/describe.hpp"
#include "reports/text/human.hpp"
#include "reports/text/ranking.hpp"

namespace asyncbench {
namespace {

std::string text_or_reason(const Cell& cell, std::string_view metric) {
    if (estimate_of(cell, metric) != nullptr) return estimate_text(cell, metric);
    const auto reason = cell.unknown.find(metric);
    return reason == cell.unknown.end() ? "unknown" : fmt::format("unknown: {}", reason->second);
}

}  // namespace

Estimate drawn(Estimate estimate) {
    if (!has_interval(estimate)) estimate.low = estimate.high = estimate.value;
    return estimate;
}

double rounded(double value) {
    if (value == 0 || !std::isfinite(value)) return value;
    const double scale = std::pow(10, 5 - std::floor(std::log10(std::abs(value))));
    return std::round(value * scale) / scale;
}

Json row_of(const StrategySpec& strategy, std::uint32_t concurrency) {
    Json row = Json::object();
    row["strategy"] = strategy.text();
    row["concurrency"] = concurrency;
    return row;
}

Json cell_rows(const RunResult& run, std::string_view metric, double scale) {
    Json rows = Json::array();
    for (const Cell* cell : cells_by_concurrency(run)) {
        const Estimate* estimate = estimate_of(*cell, metric);
        const std::string_view standing = chart_standing(run, *cell);
        if (estimate == nullptr || !std::isfinite(estimate->value) || standing == "wrong") continue;
        Json row = row_of(cell->strategy, cell->concurrency);
        row["value"] = rounded(estimate->value / scale);
        row["low"] = rounded(drawn(*estimate).low / scale);
        row["high"] = rounded(drawn(*estimate).high / scale);
        row["text"] = estimate_text(*cell, metric);
        if (metric == "throughput_rps") row["of_ideal"] = text_or_reason(*cell, "efficiency");
        row["standing"] = standing;
        row["bound"] = chart_bound(standing, metric);
        row["trials"] = trials_text(*cell);
        rows.push_back(std::move(row));
    }
    return rows;
}

Json trial_rows(const RunResult& run, std::string_view metric, double scale) {
    Json rows = Json::array();
    // In the cells' order, which charts take for their own.
    for (const Cell* cell : cells_by_concurrency(run)) {
        // Without a median of theirs they have no place beside those of other cells, and the page says so.
        if (estimate_of(*cell, metric) == nullptr || !is_usable(run, *cell)) continue;
        for (const TrialResult& trial : run.trials) {
            const auto value = value_of(trial.metrics, metric);
            const std::string_view standing = chart_standing(run, trial);
            if (!is_of(trial, *cell) || !value || !std::isfinite(*value) || standing == "wrong") continue;
            Json row = row_of(cell->strategy, cell->concurrency);
            row["block"] = trial.repetition + 1;
            row["value"] = rounded(*value / scale);
            row["standing"] = standing;
            row["bound"] = chart_bound(standing, metric);
            rows.push_back(std::move(row));
        }
    }
    return rows;
}

Json ideal_rows(const RunResult& run) {
    Json rows = Json::array();
    for (const std::uint32_t level : concurrencies_of(run)) {
        // Cells at one concurrency differ a little in the requests they came to, and so in the mean of their
        // delays.
        double highest = 0;
        for (const Cell& cell : run.summary) {
            const Estimate* ideal = estimate_of(cell, "ideal_rps");
            if (cell.concurrency == level && ideal != nullptr) highest = std::max(highest, ideal->value);
        }
        if (highest > 0) rows.push_back({{"concurrency", level}, {"value", rounded(highest)}});
    }
    return rows;
}

Json fit_rows(const std::vector<StrategyScalability>& strategies) {
    constexpr int steps = 40;
    Json rows = Json::array();
    for (const StrategyScalability& each : strategies) {
        if (!each.fit) continue;
        for (int step = 0; step <= steps; ++step) {
            // Evenly spaced on the chart's logarithmic axis.
            const double concurrency =
                each.lowest * std::pow(each.highest / each.lowest, static_cast<double>(step) / steps);
            rows.push_back({{"strategy", each.strategy.text()},
                            {"concurrency", rounded(concurrency)},
                            {"value", rounded(each.fit->throughput_at(concurrency))}});
        }
    }
    return rows;
}

}  // namespace asyncbench
