#pragma once

#include <string>

#include "harness/trial/run_result.hpp"

namespace asyncbench {

// Parts of the page, as markup in which all text from outside is escaped.

/// Red where a measurement is not valid; empty where all are.
std::string validity_notice(const RunResult& run);
std::string cell_table(const RunResult& run);
std::string warning_list(const RunResult& run);
/// A section of the page, or nothing where the run was not told to diagnose.
std::string diagnosis_section(const RunResult& run);
/// What client and target say was done, summed over the trials of each cell.
std::string work_table(const RunResult& run);
std::string trial_table(const RunResult& run);
std::string environment_table(const RunResult& run);
std::string scenario_table(const RunResult& run);

}  // namespace asyncbench
