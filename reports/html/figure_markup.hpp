#pragma once

#include <string>
#include <vector>

#include "analysis/run_result.hpp"
#include "harness/trial/json_fields.hpp"
#include "reports/html/figures.hpp"

namespace asyncbench {

/// The figures of a group as markup, with `more` at the end of the first. `shown` is what shown_of() made of
/// the run: the figures that it draws nothing of are named in a line that says why.
std::string figures_markup(const RunResult& run, const Json& shown, const FigureGroup& group,
                           const std::string& more = {});

/// What holds for all charts of a run, once, above the first, as markup: how many trials a cell has, what
/// symbols, lines and blocks are, how what is disturbed or limited looks where there is such, and what no
/// chart draws.
std::string charts_caption(const RunResult& run, const Json& shown);

/// What a figure's numbers hold for, as sentences of a saved picture, which stands alone: the load, how many
/// trials a cell has, the confidence of the intervals that it draws, and its own words; `ratios` are those of
/// the figure that draws such.
std::string caption_of(const RunResult& run, const Figure& figure, const std::vector<Comparison>& ratios);

/// Whom a block measures once for all concurrencies, as a sentence; empty where that is nobody.
std::string every_level_sentence(const RunResult& run);

}  // namespace asyncbench
