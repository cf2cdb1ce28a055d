#pragma once

#include <cstddef>
#include <span>
#include <string>

#include "analysis/history/history_series.hpp"
#include "reports/report.hpp"

namespace asyncbench {

/// A table for each series with a row for each run; between the rows the change points, and what changed in
/// the environment. `runs` are those that the series were made of. UTF-8.
std::string history_terminal_report(std::span<const HistoryRun> runs, std::span<const HistorySeries> series,
                                    TerminalStyle style);

struct OtavaCsv {
    std::string text;
    std::size_t runs = 0;      ///< rows
    std::size_t left_out = 0;  ///< runs of other work, or without one of the columns
};

/// CSV as Apache Otava's importer reads it: `time`, `commit`, and a column for each metric of each subject of
/// the newest run. Otava knows no missing values, so that a run which lacks one is left out.
OtavaCsv history_otava_csv(std::span<const HistoryRun> runs, std::span<const HistorySeries> series);

}  // namespace asyncbench
