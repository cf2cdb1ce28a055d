#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "analysis/summary.hpp"
#include "harness/trial/metric.hpp"
#include "reports/html/chart_rows.hpp"
#include "reports/html/figures.hpp"
#include "reports/html/standing.hpp"
#include "reports/text/cell_text.hpp"
#include "reports/text/cells.hpp"
#include "reports/text/describe.hpp"
#include "reports/text/human.hpp"
#include "reports/text/latency_kinds.hpp"
#include "reports/text/ranking.hpp"

namespace asyncbench {
namespace {

/// What the run ranks by, with which the chart opens, and the others of the result's own comparisons.
std::vector<std::string> measures_of(const RunResult& run) {
    std::vector<std::string> measures{std::string(ranking_metric(run))};
    for (const Comparison& comparison : run.comparisons) {
        if (is_told(run.scenario, comparison.metric) &&
            std::find(measures.begin(), measures.end(), comparison.metric) == measures.end())
            measures.push_back(comparison.metric);
    }
    return measures;
}

std::vector<const Cell*> usable_cells(const RunResult& run) {
    std::vector<const Cell*> cells = cells_by_concurrency(run);
    std::erase_if(cells, [&](const Cell* cell) { return !is_usable(run, *cell); });
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
bool has_drawable_ends(const Estimate& ratio) {
    return std::isfinite(ratio.high) && ratio.low > 0;
}

/// The worse of two.
std::string_view worse_standing(std::string_view one, std::string_view other) {
    for (const std::string_view standing : {"wrong", "limited", "disturbed"})
        if (one == standing || other == standing) return standing;
    return "ok";
}

/// As human_ratio(), with as many digits as the interval's width asks for where that would read `1.00×
/// [1.00–1.00]`.
std::string ratio_with_interval(const Estimate& ratio) {
    constexpr double wide = 0.02;
    constexpr int most_decimals = 6;  // measured_rows() has no more
    const double width = ratio.high - ratio.low;
    if (!has_interval(ratio) || !(width > 0) || width > wide * ratio.value) return human_ratio(ratio);
    const int decimals = std::clamp(1 - static_cast<int>(std::floor(std::log10(width))), 3, most_decimals);
    return fmt::format("{:.{}f}× [{:.{}f}–{:.{}f}]", ratio.value, decimals, ratio.low, decimals, ratio.high,
                       decimals);
}

Json row_with_ratio(const RunResult& run, const Comparison& comparison) {
    const Estimate& ratio = comparison.ratio;
    Json row = row_of(comparison);
    row["value"] = rounded(ratio.value);
    row["low"] = rounded(drawn(ratio).low);
    row["high"] = rounded(drawn(ratio).high);
    const Cell& base = *find_cell(run, comparison.base, comparison.concurrency);
    const Cell& head = *find_cell(run, comparison.head, comparison.concurrency);
    const std::string_view of_base = chart_standing(run, base);
    const std::string_view of_head = chart_standing(run, head);
    const int bound =
        bound_of_ratio(chart_bound(of_base, comparison.metric), chart_bound(of_head, comparison.metric));
    row["standing"] = worse_standing(of_base, of_head);
    row["bound"] = bound;
    row["text"] = std::string(sign_of_bound(bound)) + ratio_with_interval(ratio);
    row["shown"] = difference_text(comparison);
    return row;
}

}  // namespace

std::vector<Comparison> ratio_comparisons(const RunResult& run) {
    std::vector<Comparison> comparisons;
    const std::vector<const Cell*> cells = usable_cells(run);
    for (const Cell* base : cells) {
        for (const Cell* head : cells) {
            if (head == base || head->concurrency != base->concurrency) continue;
            for (const std::string& measure : measures_of(run)) {
                auto comparison = compare_cells(*base, *head, measure, run.trials);
                if (comparison && has_drawable_ends(comparison->ratio))
                    comparisons.push_back(*std::move(comparison));
            }
        }
    }
    return comparisons;
}

Json ratio_rows(const RunResult& run, const std::vector<Comparison>& comparisons) {
    Json rows = Json::array();
    for (const Comparison& comparison : comparisons) rows.push_back(row_with_ratio(run, comparison));
    return rows;
}

Json measured_rows(const RunResult& run) {
    Json rows = Json::array();
    for (const Cell* cell : usable_cells(run)) {
        for (const TrialResult& trial : run.trials) {
            if (!is_of(trial, *cell) || !trial.usable()) continue;
            const std::string_view standing = chart_standing(run, trial);
            for (const std::string& measure : measures_of(run)) {
                const auto value = value_of(trial.metrics, measure);
                if (!value || !(*value > 0)) continue;
                rows.push_back({{"of", cell->strategy.text()},
                                {"concurrency", cell->concurrency},
                                {"measure", measure_text(measure)},
                                {"block", trial.repetition + 1},
                                {"measured", rounded(*value)},
                                {"standing", standing},
                                {"bound", chart_bound(standing, measure)}});
            }
        }
    }
    return rows;
}

}  // namespace asyncbench
