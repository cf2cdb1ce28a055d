#pragma once

#include <string>

#include "analysis/pitfalls_result.hpp"
#include "reports/report.hpp"

namespace asyncbench {

/// The document of schema `asyncbench.pitfalls/2` (reports/schema/pitfalls-2.schema.json), indented, ends
/// with a line end. It holds a whole result of schema `asyncbench.result/2` for each pitfall.
std::string pitfalls_json_report(const PitfallsResult& result);

/// A block for each pitfall: its ways in a table, the harm, what to do. UTF-8.
std::string pitfalls_terminal_report(const PitfallsResult& result, TerminalStyle style);

/// One self-contained HTML file: what each way costs as a chart, and the code of the ways side by side.
std::string pitfalls_html_report(const PitfallsResult& result);

}  // namespace asyncbench
