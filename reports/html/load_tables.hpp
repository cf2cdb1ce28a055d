#pragma once

#include <string>

#include "analysis/run_result.hpp"

namespace asyncbench {

// Tables of a load as markup, in which all text from outside is escaped. They need no script. The run has a
// load_trial().

/// Latencies, phases and what the generator added, a row each.
std::string load_time_table(const RunResult& run);
/// Each of several requests; empty where there is one.
std::string load_request_table(const RunResult& run);
/// What each second brought, folded; empty where none was measured.
std::string load_second_table(const RunResult& run);
/// What failed, by class, and the responses by status.
std::string load_failure_tables(const RunResult& run);
/// Each trial of a search; empty where the run is none.
std::string load_search_table(const RunResult& run);
/// What the generator was and needed.
std::string load_generator_table(const RunResult& run);
/// load_findings() as a list.
std::string load_finding_list(const RunResult& run);

}  // namespace asyncbench
