#pragma once

#include <string>

#include "harness/trial/run_result.hpp"

namespace asyncbench {

/// The result that `run --json` wrote to the file. Throws Error, a sentence that names the file.
RunResult read_result(const std::string& path);

}  // namespace asyncbench
