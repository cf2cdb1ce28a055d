#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "analysis/run_result.hpp"
#include "reports/report.hpp"

namespace asyncbench {

/// A result's part of a page.
struct ResultPart {
    std::string id;  ///< with which all ids in it begin
    std::string of;  ///< of several results: what stands before a heading's id in a section's label
};

// Parts of the page, as markup in which all text from outside is escaped.

/// What to know of the numbers, linked to the warnings: what is wrong, what is limited, in how many blocks
/// the machine was busy, and what else was noted, a line each. Empty where there is nothing.
std::string findings_notice(const RunResult& run, const std::string& id);

/// What each strategy is, by name; empty where the writing program knows none of them.
std::string strategy_list(const RunResult& run, const HtmlOptions& options);

/// Each strategy's source with its length and its numbers.
std::string code_section(const RunResult& run, const ResultPart& part, const HtmlOptions& options);
/// A list's item; `where` is what stands behind it in brackets, if anything.
std::string warning_item(const Warning& warning, const std::string& where = {});
std::string warning_list(const RunResult& run);
/// Why requests failed, for each cell in which some did; empty where none did.
std::string failure_table(const RunResult& run);
/// A section of the page, or nothing where the run was not told to diagnose.
std::string diagnosis_section(const RunResult& run, const ResultPart& part);
std::string environment_table(const Environment& environment);
std::string scenario_table(const Scenario& scenario);

}  // namespace asyncbench
