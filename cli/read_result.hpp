#pragma once

#include <string>

#include "analysis/compare/measured_values.hpp"
#include "analysis/run_result.hpp"

namespace asyncbench {

/// The result that `run --json` wrote to the file. Throws Error, a sentence that names the file.
RunResult read_result(const std::string& path);

/// The same, or JSON of Google Benchmark, as a comparison needs it. Throws Error as above.
MeasuredValues read_measured_values(const std::string& path);

}  // namespace asyncbench
