#pragma once

#include <string>
#include <string_view>

#include "harness/trial/run_result.hpp"

namespace asyncbench {

// What a table says of a cell in one column.

/// The metric's value, or "–" where it is not known.
std::string value_text(const Cell& cell, std::string_view metric);

/// The value with its interval, or "–".
std::string estimate_text(const Cell& cell, std::string_view metric);

/// What the run ranks by against what its concurrency is compared with (base_cell() in trial/summary.hpp).
struct RatioText {
    std::string words;  ///< why no ratio is claimed: `no difference shown`, `not valid`; empty where one is
    std::string ratio;  ///< `16.0× [15.9–16.0]`, `1×` for that itself; empty where there is none
};
RatioText ratio_to_base(const RunResult& run, const Cell& cell);

/// The ratio, or else the words.
std::string ratio_text(const RunResult& run, const Cell& cell);

/// What every concurrency is compared with; null where that is not the same for all, as the first strategy
/// is valid at some only.
const StrategySpec* only_base(const RunResult& run);

/// Over that column: `to sequential`, `response p99 to sequential`; `to the 1×` where only_base() is none.
std::string ratio_heading(const RunResult& run);

}  // namespace asyncbench
