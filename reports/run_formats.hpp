#pragma once

#include <span>
#include <string>

#include "analysis/run_result.hpp"

namespace asyncbench {

// A run for other places than a terminal and a page. Text from outside becomes no markup, no formula and no
// further line in any of them.

/// For a pull request's comment or a job's summary: the answer, a table with a row for each cell, warnings,
/// details folded away. GitHub Flavored Markdown.
std::string markdown_report(const RunResult& run);

enum class CsvRows {
    cells,    ///< a row for each metric of each cell, with its interval
    trials,   ///< a row for each metric of each trial
    seconds,  ///< a row for each second of each trial of a load
};
/// Tidy data (RFC 4180, lines end with LF) with a line of headings; what is unknown is empty, with its
/// reason.
std::string csv_report(std::span<const RunResult> runs, CsvRows rows);

/// Go's benchmark format with a line for each usable trial, named by its strategy and concurrency:
/// `benchstat -col /strategy -row /concurrency`.
std::string benchfmt_report(const RunResult& run);

/// One of the histograms of a cell.
struct PercentileTable {
    std::string name;  ///< `coroutine-loops-2-at-64-service`: of letters, digits and dashes
    std::string text;  ///< HdrHistogram's table of percentiles in milliseconds (`.hgrm`)
};
/// Of service and response time of each cell with a usable trial. Names are told apart by numbers where need
/// be.
std::vector<PercentileTable> percentile_tables(const RunResult& run);

}  // namespace asyncbench
