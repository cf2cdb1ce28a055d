#pragma once

#include <string>
#include <string_view>

#include "harness/trial/run_result.hpp"

namespace asyncbench {

/// The document of schema `asyncbench.result/1` (reports/schema/result-1.schema.json), indented, ends with a
/// line end.
std::string json_report(const RunResult& run);

/// Reads what json_report() wrote. Strict: throws Error, a sentence that names the field, where the text is
/// not of the schema or contradicts itself.
RunResult read_json_report(std::string_view text);

struct TerminalStyle {
    bool colour = false;
    int width = 100;  ///< columns; the table is split in two where it would be wider
};

/// The answer, a table with a row for each cell, and what to know about the numbers. UTF-8.
std::string terminal_report(const RunResult& run, TerminalStyle style);

/// One self-contained HTML file that opens offline.
std::string html_report(const RunResult& run);

}  // namespace asyncbench
