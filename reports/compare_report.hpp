#pragma once

#include <string>

#include "analysis/compare/comparison.hpp"
#include "reports/report.hpp"

namespace asyncbench {

/// For each comparison a table with a part for each metric and a row for each subject: absolute values, ratio
/// with its interval, what changed, and the noise floor. UTF-8.
std::string compare_terminal_report(const CompareResult& result, TerminalStyle style);

std::string compare_markdown_report(const CompareResult& result);

/// The document of schema `asyncbench.compare/1` (reports/schema/compare-1.schema.json), indented.
std::string compare_json_report(const CompareResult& result);

/// A line for each row below the heading; numbers in the metric's unit, unknown ones empty.
std::string compare_csv_report(const CompareResult& result);

}  // namespace asyncbench
