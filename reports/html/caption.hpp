#pragma once

#include <string>
#include <vector>

#include "harness/trial/run_result.hpp"
#include "reports/html/figures.hpp"

namespace asyncbench {

/// What a figure's numbers hold for, as a sentence: the load, how many trials a cell has, and the confidence
/// of the intervals that it draws; `ratios` are those of the figure that draws such. A saved picture says the
/// same.
std::string caption_of(const RunResult& run, const Figure& figure, const std::vector<Comparison>& ratios);

}  // namespace asyncbench
