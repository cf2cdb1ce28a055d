#pragma once

#include <string>
#include <vector>

#include "harness/trial/run_result.hpp"
#include "reports/html/figures.hpp"

namespace asyncbench {

/// What a figure does not draw, and why, as sentences; none where it draws every cell.
std::vector<std::string> left_out_sentences(const RunResult& run, const Figure& figure);

/// The same as paragraphs.
std::string left_out(const RunResult& run, const Figure& figure);

}  // namespace asyncbench
