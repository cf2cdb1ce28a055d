#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/run_result.hpp"

namespace asyncbench {

/// A place of a run's page for charts.
struct FigureGroup {
    std::string_view name;    ///< in figures.json
    std::string_view place;   ///< in result.html
    std::string_view layout;  ///< the class of charts that stand side by side; empty for one below the other
};

/// All of them, in the page's order.
std::span<const FigureGroup> figure_groups();

/// A chart of the page of a run, as reports/charts/figures.json has it.
struct Figure {
    std::string group;  ///< the name of its FigureGroup
    std::string name;   ///< of its main dataset and the pictures saved of it
    std::string heading;
    std::string words;   ///< what is its own, in a line; what all share is in charts_caption()
    std::string metric;  ///< of those that draw a metric of every cell
};

/// What figures.json lists. Throws std::invalid_argument where it names a group that the page has not.
std::vector<Figure> figures_from(std::string_view json);

/// Those of the page, in its order.
std::span<const Figure> run_figures();

/// The metric under one name on the whole page: the heading of the figure that draws it, in lower case; of
/// others metric_label().
std::string name_on_page(std::string_view metric);

/// What the run ranks by, under that name with a capital.
std::string ranked_name(const RunResult& run);

}  // namespace asyncbench
