#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/run_result.hpp"
#include "harness/trial/json_fields.hpp"

namespace asyncbench {

/// A chart of the page of a run, as reports/charts/figures.json has it.
struct Figure {
    std::string group;  ///< the place in result.html: `throughput`, `latency`, ...
    std::string name;   ///< of its main dataset and the pictures saved of it
    std::string heading;
    std::string words;   ///< what is its own, in a line; what all share is in charts_caption()
    std::string metric;  ///< of those that draw one metric of every cell
};

/// All of them, in the page's order.
std::span<const Figure> run_figures();

/// The metric under one name on the whole page: the heading of the figure that draws it, in lower case; of
/// others metric_label().
std::string name_on_page(std::string_view metric);

/// What the run ranks by, under that name with a capital.
std::string ranked_name(const RunResult& run);

/// The figures of a group as markup, with `more` at the end of the first. `shown` is what shown_of() made of
/// the run: the figures that it draws nothing of are named in a line that says why.
std::string figures_markup(const RunResult& run, const Json& shown, std::string_view group,
                           const std::string& more = {});

/// What holds for all charts of a run, once, above the first: the load, what symbols, lines and blocks are,
/// and how what is disturbed or limited looks where there is such. Markup.
std::string charts_caption(const RunResult& run, const Json& shown);

/// What a figure's numbers hold for, as sentences of a saved picture, which stands alone: the load, how many
/// trials a cell has, the confidence of the intervals that it draws, and its own words; `ratios` are those of
/// the figure that draws such.
std::string caption_of(const RunResult& run, const Figure& figure, const std::vector<Comparison>& ratios);

/// Whom a block measures once for all concurrencies, as a sentence; empty where that is nobody.
std::string every_level_sentence(const RunResult& run);

/// What no figure draws, and why, as sentences: cells that are wrong or not measured, and wrong trials of
/// others. None where all is drawn.
std::vector<std::string> never_drawn_sentences(const RunResult& run);

/// What this figure does not draw of the others, and why, as sentences.
std::vector<std::string> left_out_sentences(const RunResult& run, const Figure& figure);

}  // namespace asyncbench
