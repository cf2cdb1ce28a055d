#pragma once

#include <string>
#include <string_view>

#include "analysis/run_result.hpp"

namespace asyncbench {

/// What a value counts for, which charts draw: `ok`, `disturbed` (hollow), `limited` (an arrow where it is a
/// bound) or `wrong` (not drawn). A cell is as half of its trials are.
std::string_view chart_standing(const RunResult& run, const Cell& cell);
std::string_view chart_standing(const RunResult& run, const TrialResult& trial);

/// Of a metric with that standing: 1 where its value is "at least", -1 where it is "at most", 0 where it is
/// no bound.
int chart_bound(std::string_view standing, std::string_view metric);

/// Whether anything that charts draw is disturbed or limited, so that they have to say how that looks.
bool has_drawn(const RunResult& run, std::string_view standing);

/// `10 of 10`, `9 of 10, 3 disturbed`: of the cell's trials those that count, and what they were.
std::string trials_text(const Cell& cell);

}  // namespace asyncbench
