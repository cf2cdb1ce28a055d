#pragma once

#include <span>
#include <string>
#include <string_view>

#include "analysis/run_result.hpp"

namespace asyncbench {

/// A chart of the page of a load.
struct LoadFigure {
    std::string_view name;   ///< of its main dataset and the pictures saved of it
    std::string_view place;  ///< in load.html
    std::string_view heading;
};

/// All of them, in the page's order.
std::span<const LoadFigure> load_figures();

/// Of a chart over time.
inline constexpr std::size_t most_points = 600;

/// How many seconds a point of a chart over time stands for, so that a page of a long load stays small.
std::size_t seconds_a_point(const RunResult& run);

/// What the figure shows of this run, in a line or two.
std::string words_of(const RunResult& run, const LoadFigure& figure);

}  // namespace asyncbench
