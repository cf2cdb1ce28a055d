#pragma once

#include <string>
#include <string_view>

#include "analysis/run_result.hpp"

namespace asyncbench {

// What a table says of a cell in one column.

/// Of a ratio whose sides are bounded so, 1 for "at least", -1 for "at most", 0 for no bound: the same of it.
/// Two bounds bound no ratio.
int bound_of_ratio(int base, int head);

/// What stands in front of such a value: `≥ `, `≤ ` or nothing.
std::string_view sign_of_bound(int bound);

/// The metric's value, or "–" where it is not known. A bound (bound_of() in cells.hpp) is `≥ 22,300/s` or
/// `≤ 3.1 ms`.
std::string value_text(const Cell& cell, std::string_view metric);

/// The same with its interval where that has a confidence of 90 % or more.
std::string estimate_text(const Cell& cell, std::string_view metric);

/// What the run ranks by against what its concurrency is compared with (base_cell() in analysis/summary.hpp):
/// `16.0× [15.9–16.0]`, `1×` for that itself, `wrong` of a cell that counts nowhere, "–" where there is none.
std::string ratio_text(const RunResult& run, const Cell& cell);

/// What every concurrency is compared with; null where that is not the same for all, as the first strategy
/// is usable at some only.
const StrategySpec* only_base(const RunResult& run);

/// Over that column: `to sequential`, `response p99 to sequential`; `to the 1×` where only_base() is none.
std::string ratio_heading(const RunResult& run);

/// `10 of 10`, `9 of 10, 3 disturbed`: of the cell's trials those that count, and what they were.
std::string trials_text(const Cell& cell);

/// The trial's standing by name; of a run that is wrong as a whole, no trial that was measured is anything
/// but `wrong`.
std::string_view standing_of(const RunResult& run, const Trial& trial);

/// What the trials of a cell were, where that has to be said: `wrong`, `limited`, `disturbed in 3 of 10`;
/// empty where all is well.
std::string standing_of(const RunResult& run, const Cell& cell);

}  // namespace asyncbench
