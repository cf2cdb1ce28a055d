#pragma once

#include <span>
#include <string>
#include <string_view>

#include "analysis/run_result.hpp"
#include "harness/trial/json_fields.hpp"

namespace asyncbench {

enum class FigureGroup { throughput, ratios, latency, overhead, cost, loop, drift };

/// A chart of the page of a run: where it stands, what draws it, and its words.
struct Figure {
    FigureGroup group = FigureGroup::throughput;
    std::string_view name;           ///< of its place, its main dataset and the pictures saved of it
    std::string_view specification;  ///< in reports/charts, without `.vl.json`
    std::string_view heading;
    std::string_view words;  ///< what is its own, in a line; what all share is in caption.hpp
    // Of those that draw one metric of every cell:
    std::string_view metric = {};
    std::string_view axis = {};
    double scale = 1;  ///< the axis's unit in that of the metric
};

/// All of them, in the page's order.
std::span<const Figure> run_figures();

/// The line under a figure of this run.
std::string words_of(const RunResult& run, const Figure& figure);

/// The metric under one name on the whole page: the heading of the figure that draws it, in lower case; of
/// others metric_label().
std::string name_on_page(std::string_view metric);

/// The figures of a group as markup, with `more` at the end of the first. `charts` is what chart_data() made
/// of the run: the figures for which it has no rows are named in a line that says why.
std::string figures_markup(const RunResult& run, const Json& charts, FigureGroup group,
                           const std::string& more = {});

}  // namespace asyncbench
