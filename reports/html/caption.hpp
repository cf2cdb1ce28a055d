#pragma once

#include <string>
#include <vector>

#include "analysis/run_result.hpp"
#include "reports/html/figures.hpp"

namespace asyncbench {

/// What holds for all charts of a run, once, above the first: the load, what symbols, lines and blocks are,
/// and how what is disturbed or limited looks where there is such. Markup.
std::string charts_caption(const RunResult& run, const Json& charts);

/// What a figure's numbers hold for, as sentences of a saved picture, which stands alone: the load, how many
/// trials a cell has, the confidence of the intervals that it draws, and its own words; `ratios` are those of
/// the figure that draws such.
std::string caption_of(const RunResult& run, const Figure& figure, const std::vector<Comparison>& ratios);

/// Whom a block measures once for all concurrencies, as a sentence; empty where that is nobody.
std::string every_level_sentence(const RunResult& run);

}  // namespace asyncbench
