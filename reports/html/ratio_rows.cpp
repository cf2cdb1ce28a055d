#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "harness/trial/metric_kind.hpp"
#include "harness/trial/summary.hpp"
#include "reports/html/chart_rows.hpp"
#include "reports/html/figures.hpp"
#include "reports/text/describe.hpp"
#include "reports/text/human.hpp"
#include "reports/text/ranking.hpp"

namespace asyncbench {
namespace {

/// Of the result's own comparisons; where its first strategy has none, what the run ranks by.
std::vector<std::string> measures_of(const RunResult& run) {
    std::vector<std::string> measures;
    for (const Comparison& comparison : run.comparisons) {
        if (std::find(measures.begin(), measures.end(), comparison.metric) == measures.end())
            measures.push_back(comparison.metric);
    }
    if (measures.empty()) measures.emplace_back(ranking_metric(run));
    return measures;
}

std::vector<const Cell*> valid_cells(const RunResult& run) {
    std::vector<const Cell*> cells = cells_by_concurrency(run);
    std::erase_if(cells, [&](const Cell* cell) { return !is_valid(run, *cell); });
    return cells;
}

/// `Memory, lower is better`: of a ratio alone nobody could tell which side is the good one.
std::string measure_text(std::string_view metric) {
    const Better better = metric_kind(metric).better;
    const char* which = better == Better::higher  ? ", higher is better"
                        : better == Better::lower ? ", lower is better"
                                                  : "";
    return name_on_page(metric) + which;
}

std::string_view better_side(std::string_view metric) {
    const Better better = metric_kind(metric).better;
    return better == Better::higher ? "right" : better == Better::lower ? "left" : "none";
}

Json row_of(const Comparison& comparison) {
    Json row = row_of(comparison.head, comparison.concurrency);
    row["base"] = comparison.base.text();
    row["measure"] = measure_text(comparison.metric);
    row["better"] = better_side(comparison.metric);
    return row;
}

/// A logarithmic axis has no place for others.
bool is_drawable(const Estimate& ratio) {
    return std::isfinite(ratio.high) && ratio.low > 0;
}

void add_ratio(Json& rows, const Comparison& comparison) {
    const Estimate& ratio = comparison.ratio;
    if (!is_drawable(ratio)) return;
    Json row = row_of(comparison);
    row["value"] = rounded(ratio.value);
    row["low"] = rounded(has_interval(ratio) ? ratio.low : ratio.value);
    row["high"] = rounded(has_interval(ratio) ? ratio.high : ratio.value);
    row["text"] = human_ratio(ratio);
    row["shown"] = difference_text(comparison);
    rows.push_back(std::move(row));
}

}  // namespace

Json ratio_rows(const RunResult& run) {
    Json rows = Json::array();
    const std::vector<const Cell*> cells = valid_cells(run);
    for (const Cell* base : cells) {
        for (const Cell* head : cells) {
            if (head == base || head->concurrency != base->concurrency) continue;
            for (const std::string& measure : measures_of(run)) {
                const auto comparison = compare_cells(*base, *head, measure, run.trials);
                if (comparison) add_ratio(rows, *comparison);
            }
        }
    }
    return rows;
}

Json measured_rows(const RunResult& run) {
    Json rows = Json::array();
    for (const Cell* cell : valid_cells(run)) {
        for (const TrialResult& trial : run.trials) {
            if (!is_of(trial, *cell) || !trial.valid()) continue;
            for (const std::string& measure : measures_of(run)) {
                const auto value = value_of(trial.metrics, measure);
                if (!value || !(*value > 0)) continue;
                rows.push_back({{"of", cell->strategy.text()},
                                {"concurrency", cell->concurrency},
                                {"measure", measure_text(measure)},
                                {"block", trial.repetition + 1},
                                {"measured", rounded(*value)}});
            }
        }
    }
    return rows;
}

}  // namespace asyncbench
