#pragma once

#include "analysis/gate/gate_config.hpp"
#include "analysis/gate/gate_result.hpp"
#include "cli/gate/options.hpp"

namespace asyncbench {

/// Compares the two files of `options.files`; measures nothing. Throws Error and UsageError.
GateResult gate_files(const GateOptions& options, const GateConfig& settings);

/// Measures the scenario of `options.baseline` once more, as `run` does, and compares. At least ten
/// repetitions: five and five values cannot show a regression in more than two checks at an alpha of 0.01.
/// Throws Error and UsageError.
GateResult gate_stored(const GateOptions& options, const GateConfig& settings);

}  // namespace asyncbench
