#pragma once

#include <string>

#include "harness/trial/run_result.hpp"
#include "reports/html/figures.hpp"

namespace asyncbench {

/// What a figure does not draw, and why, as paragraphs; empty where it draws every cell.
std::string left_out(const RunResult& run, const Figure& figure);

/// `3 to 5 valid trials a cell`, and how many are planned where some have not been run.
std::string trials_a_cell(const RunResult& run);

}  // namespace asyncbench
