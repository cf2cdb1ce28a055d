#pragma once

#include <string>

#include "analysis/run_result.hpp"

namespace asyncbench {

/// markdown_report() of a load, which has a load_trial().
std::string load_markdown_report(const RunResult& run);

}  // namespace asyncbench
