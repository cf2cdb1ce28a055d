#pragma once

#include <string>

#include "harness/trial/run_result.hpp"
#include "reports/html/figures.hpp"

namespace asyncbench {

/// What a figure does not draw, and why, as paragraphs; empty where it draws every cell.
std::string left_out(const RunResult& run, const Figure& figure);

}  // namespace asyncbench
