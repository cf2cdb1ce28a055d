#pragma once

#include <string>
#include <vector>

#include "analysis/run_result.hpp"
#include "reports/html/figures.hpp"

namespace asyncbench {

// What charts do not draw of a run, and why.

/// Why the figure draws nothing at all, as a clause behind "because".
std::string why_undrawn(const RunResult& run, const Figure& figure);

/// What no figure draws, and why, as sentences: cells that are wrong or not measured, and wrong trials of
/// others. None where all is drawn.
std::vector<std::string> never_drawn_sentences(const RunResult& run);

/// What this figure does not draw of the others, and why, as sentences.
std::vector<std::string> left_out_sentences(const RunResult& run, const Figure& figure);

}  // namespace asyncbench
