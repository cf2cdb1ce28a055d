#pragma once

#include <string>

#include "harness/trial/run_result.hpp"

namespace asyncbench {

// Parts of the page, as markup in which all text from outside is escaped.

/// Red where a measurement is not valid; empty where all are.
std::string validity_notice(const RunResult& run);
std::string cell_table(const RunResult& run);
/// A list's item; `where` is what stands behind it in brackets, if anything.
std::string warning_item(const Warning& warning, const std::string& where = {});
std::string warning_list(const RunResult& run);
/// A section of the page, or nothing where the run was not told to diagnose.
std::string diagnosis_section(const RunResult& run);
/// What client and target say was done, summed over the trials of each cell.
std::string work_table(const RunResult& run);
std::string trial_table(const RunResult& run);
std::string environment_table(const Environment& environment);
std::string scenario_table(const Scenario& scenario);

}  // namespace asyncbench
