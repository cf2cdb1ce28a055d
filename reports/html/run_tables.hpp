#pragma once

#include <span>
#include <string>
#include <vector>

#include "analysis/run_result.hpp"
#include "analysis/scalability.hpp"

namespace asyncbench {

// Tables of a run as markup, in which all text from outside is escaped. They need no script.

/// A row for each cell, by concurrency: medians, throughput with its interval and its ratio to the first
/// strategy; cells that are wrong are marked and not ranked.
std::string cell_table(const RunResult& run);
/// How its numbers are to be read.
std::string cell_table_notes(const RunResult& run);

// The numbers of charts, for readers without script: a row for each cell, medians with their intervals, in a
// `<details class="fold">` that stands open until report.js folds it. Empty where there is no cell.

/// Each tenth of the run: how far its trials are from the medians of their cells. Empty where none is known.
std::string drift_table(const RunResult& run);
/// CPU time, instructions and allocations of a request, and memory.
std::string cost_table(const RunResult& run);
std::string loop_table(const RunResult& run);
/// Service time, response time and overhead of each cell, a row each, as latency_kinds() has them.
std::string percentile_table(const RunResult& run);

/// Every question of the ranking and what is shown of it; empty where nothing was judged.
std::string order_table(const RunResult& run);
/// Every comparison.
std::string ratio_table(const RunResult& run);
/// The parameters of the fits, or why there is none.
std::string scalability_details(const std::vector<StrategyScalability>& strategies);
/// What several results measured of the same strategies at the same concurrency; empty where there is none.
std::string side_by_side(std::span<const RunResult> runs);
/// What client and target say was done, summed over the trials of each cell.
std::string work_table(const RunResult& run);
/// A row for each trial, in the order run, by four of its metrics, or why it failed. Hundreds of rows: each
/// byte in one counts.
std::string trial_table(const RunResult& run);

}  // namespace asyncbench
