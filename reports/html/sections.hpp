#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/run_result.hpp"
#include "reports/report.hpp"
#include "reports/text/scalability.hpp"

namespace asyncbench {

/// Of a narrow column, which may break it.
constexpr const char* concurrency_heading = "Concur\u00adrency";

/// A result's part of a page.
struct ResultPart {
    std::string id;  ///< with which all ids in it begin
    std::string
        of;  ///< where there are several results: what stands before a heading's id in a section's label

    /// The begin of a `<section>` that is labelled by its heading, and the heading.
    std::string section(std::string_view name, std::string_view heading) const;
};

// Parts of the page, as markup in which all text from outside is escaped.

/// What to know of the numbers, linked to the warnings: what is wrong, what is limited, in how many blocks
/// the machine was busy, and what else was noted, a line each. Empty where there is nothing.
std::string findings_notice(const RunResult& run, const std::string& id);

/// What each strategy is, by name; empty where the writing program knows none of them.
std::string strategy_list(const RunResult& run, const HtmlOptions& options);

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
/// Each strategy's source with its length and its numbers.
std::string code_section(const RunResult& run, const ResultPart& part, const HtmlOptions& options);
/// A list's item; `where` is what stands behind it in brackets, if anything.
std::string warning_item(const Warning& warning, const std::string& where = {});
std::string warning_list(const RunResult& run);
/// A section of the page, or nothing where the run was not told to diagnose.
std::string diagnosis_section(const RunResult& run, const ResultPart& part);
/// What client and target say was done, summed over the trials of each cell.
std::string work_table(const RunResult& run);
/// A row for each trial, in the order run, by four of its metrics, or why it failed. Hundreds of rows: each
/// byte in one counts.
std::string trial_table(const RunResult& run);
std::string environment_table(const Environment& environment);
std::string scenario_table(const Scenario& scenario);

}  // namespace asyncbench
