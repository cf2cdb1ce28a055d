#include "reports/html/run_data.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <utility>

#include "analysis/summary.hpp"
#include "harness/trial/metric.hpp"
#include "reports/html/columns.hpp"
#include "reports/html/drawn_number.hpp"
#include "reports/html/drift.hpp"
#include "reports/html/figure_markup.hpp"
#include "reports/html/figures.hpp"
#include "reports/html/latency_data.hpp"
#include "reports/html/left_out.hpp"
#include "reports/json/result_json.hpp"
#include "reports/text/cell_text.hpp"
#include "reports/text/cells.hpp"
#include "reports/text/describe.hpp"
#include "reports/text/human.hpp"
#include "reports/text/latency_kinds.hpp"
#include "reports/text/ranking.hpp"

namespace asyncbench {
namespace {

/// What the value of a cell that is drawn counts for: `ok`, `disturbed` (hollow) as half of its trials are,
/// or `limited` (an arrow where it is a bound).
std::string_view chart_standing(const Cell& cell) {
    if (cell.limited()) return "limited";
    return 2 * cell.disturbed_trials >= cell.used_trials ? "disturbed" : "ok";
}

/// Of a metric with that standing: 1 where its value is "at least", -1 where it is "at most", 0 where it is
/// no bound.
int chart_bound(std::string_view standing, std::string_view metric) {
    return standing == "limited" ? bound_of_limited(metric) : 0;
}

std::vector<const Cell*> drawn_cells(const RunResult& run) {
    std::vector<const Cell*> cells = cells_by_concurrency(run);
    std::erase_if(cells, [&](const Cell* cell) { return !is_usable(run, *cell); });
    return cells;
}

std::string text_or_reason(const Cell& cell, std::string_view metric) {
    if (estimate_of(cell, metric) != nullptr) return estimate_text(cell, metric);
    const auto reason = cell.unknown.find(metric);
    return reason == cell.unknown.end() ? "unknown" : fmt::format("unknown: {}", reason->second);
}

/// Texts of the metric of each cell; null where no cell has a value above 0: an axis from 0 to 0 shows
/// nothing that a sentence does not.
Json texts_of(const std::vector<const Cell*>& cells, std::string_view metric) {
    Json texts = Json::array();
    bool any = false;
    for (const Cell* cell : cells) {
        const Estimate* estimate = estimate_of(*cell, metric);
        const bool known = estimate != nullptr && has_json(*estimate);
        texts.push_back(known ? Json(estimate_text(*cell, metric)) : Json(nullptr));
        any = any || (known && drawn(*estimate).high > 0);
    }
    return any ? texts : Json(nullptr);
}

/// What the run ranks by, with which the chart of ratios opens, and the others of the result's comparisons.
std::vector<std::string> measures_of(const RunResult& run) {
    std::vector<std::string> measures{std::string(ranking_metric(run))};
    for (const Comparison& comparison : run.comparisons) {
        if (is_told(run.scenario, comparison.metric) &&
            std::find(measures.begin(), measures.end(), comparison.metric) == measures.end())
            measures.push_back(comparison.metric);
    }
    return measures;
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

/// Each cell against each other one of its concurrency, as far as a logarithmic axis has a place for it.
std::vector<Comparison> ratios_of(const RunResult& run, const std::vector<const Cell*>& cells) {
    std::vector<Comparison> comparisons;
    for (const Cell* base : cells) {
        for (const Cell* head : cells) {
            if (head == base || head->concurrency != base->concurrency) continue;
            for (const std::string& measure : measures_of(run)) {
                auto comparison = compare_cells(*base, *head, measure, run.trials);
                if (comparison && std::isfinite(comparison->ratio.high) && comparison->ratio.low > 0)
                    comparisons.push_back(*std::move(comparison));
            }
        }
    }
    return comparisons;
}

/// The worse of two.
std::string_view worse_standing(std::string_view one, std::string_view other) {
    for (const std::string_view standing : {"limited", "disturbed"})
        if (one == standing || other == standing) return standing;
    return "ok";
}

/// As human_ratio(), with as many digits as the interval's width asks for where that would read `1.00×
/// [1.00–1.00]`.
std::string ratio_with_interval(const Estimate& ratio) {
    constexpr double wide = 0.02;
    constexpr int most_decimals = 6;
    const double width = ratio.high - ratio.low;
    if (!has_interval(ratio) || !(width > 0) || width > wide * ratio.value) return human_ratio(ratio);
    const int decimals = std::clamp(1 - static_cast<int>(std::floor(std::log10(width))), 3, most_decimals);
    return fmt::format("{:.{}f}× [{:.{}f}–{:.{}f}]", ratio.value, decimals, ratio.low, decimals, ratio.high,
                       decimals);
}

Json ratio_columns(const RunResult& run, const std::vector<Comparison>& comparisons) {
    Json columns = columns_named({"strategy", "concurrency", "base", "measure", "value", "low", "high",
                                  "standing", "bound", "text", "shown"});
    for (const Comparison& each : comparisons) {
        const auto of_base = chart_standing(*find_cell(run, each.base, each.concurrency));
        const auto of_head = chart_standing(*find_cell(run, each.head, each.concurrency));
        const int bound =
            bound_of_ratio(chart_bound(of_base, each.metric), chart_bound(of_head, each.metric));
        const Estimate ratio = drawn(each.ratio);
        add_row(columns, {{"strategy", each.head.text()},
                          {"concurrency", each.concurrency},
                          {"base", each.base.text()},
                          {"measure", measure_text(each.metric)},
                          {"value", rounded(ratio.value)},
                          {"low", rounded(ratio.low)},
                          {"high", rounded(ratio.high)},
                          {"standing", worse_standing(of_base, of_head)},
                          {"bound", bound},
                          {"text", std::string(sign_of_bound(bound)) + ratio_with_interval(each.ratio)},
                          {"shown", difference_text(each)}});
    }
    return columns;
}

Json drift_columns(const RunResult& run) {
    const std::string_view metric = ranking_metric(run);
    Json columns = columns_named({"trial", "percent", "text", "median", "bound"});
    for (const DriftPoint& point : drift_of(run)) {
        add_row(columns, {{"trial", point.trial},
                          {"percent", point.percent},
                          {"text", human_metric(metric, point.value)},
                          {"median", human_metric(metric, point.median)},
                          {"bound", chart_bound(standing_of(run, run.trials[point.trial]), metric)}});
    }
    return columns;
}

/// `cell` is the place in the result's summary.
Json cell_columns(const RunResult& run, const std::vector<const Cell*>& cells) {
    Json columns = columns_named({"cell", "standing", "used"});
    for (const Cell* cell : cells) {
        add_row(columns, {{"cell", cell - run.summary.data()},
                          {"standing", chart_standing(*cell)},
                          {"used", trials_text(*cell)}});
    }
    return columns;
}

/// The scalability law of each strategy over what was measured, evenly spaced on a logarithmic axis.
Json fit_columns(const std::vector<StrategyScalability>& strategies) {
    constexpr int steps = 40;
    Json columns = columns_named({"strategy", "concurrency", "value"});
    for (const StrategyScalability& each : strategies) {
        if (!each.fit) continue;
        for (int step = 0; step <= steps; ++step) {
            const double share = static_cast<double>(step) / steps;
            const double concurrency = each.lowest * std::pow(each.highest / each.lowest, share);
            add_row(columns, {{"strategy", each.strategy.text()},
                              {"concurrency", rounded(concurrency)},
                              {"value", rounded(each.fit->throughput_at(concurrency))}});
        }
    }
    return columns;
}

bool is_timeline_drawn(const RunResult& run, const std::vector<const Cell*>& cells) {
    return std::any_of(run.trials.begin(), run.trials.end(), [&](const Trial& trial) {
        return trial.usable() && !trial.timeline.empty() &&
               std::any_of(cells.begin(), cells.end(), [&](const Cell* cell) { return is_of(trial, *cell); });
    });
}

/// Against which differences are asked for first: the best at the highest concurrency.
std::string best_of(const RunResult& run) {
    const auto groups = ranked_groups(run);
    return groups.empty() ? std::string() : groups.front().front()->strategy.text();
}

void add_metric(Json& shown, const std::vector<const Cell*>& cells, std::string_view metric) {
    shown["bounds"][std::string(metric)] = bound_of_limited(metric);
    Json texts = texts_of(cells, metric);
    if (!texts.is_null()) shown["texts"][std::string(metric)] = std::move(texts);
}

/// Whether the chart has anything to draw of this run.
bool draws(const Json& shown, const Figure& figure, bool has_timeline) {
    if (!figure.metric.empty()) return shown["texts"].contains(figure.metric);
    if (figure.name == "timeline") return has_timeline;
    return !shown.at(figure.name).front().empty();
}

}  // namespace

Json shown_of(const RunResult& run, const std::vector<StrategyScalability>& scalability) {
    const std::vector<const Cell*> cells = drawn_cells(run);
    const std::vector<Comparison> ratios = ratios_of(run, cells);
    Json shown = {{"page", "run"},
                  {"source", fmt::format("asyncbench {}, {}", run.tool_version, run.started_utc)},
                  {"strategies", Json::array()},
                  {"best", best_of(run)},
                  {"has_response_times", has_response_times(run.scenario)},
                  {"ranked", ranked_name(run)},
                  {"least_confidence", least_confidence_to_rank},
                  {"bounds", Json::object()},
                  {"measures", Json::array()},
                  {"cells", cell_columns(run, cells)},
                  {"texts", Json::object()},
                  {"trials", Json::array()},
                  {"fit", fit_columns(scalability)},
                  {"latency", latency_columns(run, cells, Percentiles::of_tail)},
                  {"distribution", latency_columns(run, cells, Percentiles::of_distribution)},
                  {"ratios", ratio_columns(run, ratios)},
                  {"drift", drift_columns(run)},
                  {"captions", Json::object()},
                  {"left_out", Json::object()}};
    for (const StrategySpec& strategy : run.scenario.strategies)
        shown["strategies"].push_back(strategy.text());
    for (const std::string& metric : measures_of(run)) {
        shown["bounds"][metric] = bound_of_limited(metric);
        shown["measures"].push_back(
            {{"metric", metric}, {"name", measure_text(metric)}, {"better", better_side(metric)}});
    }
    for (const Trial& trial : run.trials) shown["trials"].push_back(standing_of(run, trial));
    for (const Cell* cell : cells) shown["texts"]["of_ideal"].push_back(text_or_reason(*cell, "efficiency"));
    const bool has_timeline = is_timeline_drawn(run, cells);
    const std::vector<std::string> never_drawn = never_drawn_sentences(run);
    for (const Figure& figure : run_figures()) {
        if (!figure.metric.empty()) add_metric(shown, cells, figure.metric);
        if (!draws(shown, figure, has_timeline)) continue;
        shown["captions"][figure.name] = caption_of(run, figure, ratios);
        std::vector<std::string> left_out = left_out_sentences(run, figure);
        left_out.insert(left_out.end(), never_drawn.begin(), never_drawn.end());
        if (!left_out.empty()) shown["left_out"][figure.name] = std::move(left_out);
    }
    return shown;
}

}  // namespace asyncbench
