#pragma once

#include "analysis/gate/gate_result.hpp"

// MADE UP, as sample_run.hpp.

namespace asyncbench::sample {

/// A paired gate over two cells in which every line passes, one of them better.
GateResult passing_gate();

/// The same where one metric fails and was confirmed, another is open, a budget is broken, a trial died and
/// the machine disturbed a little.
GateResult failing_gate();

/// The control moved, and a warning invalidates.
GateResult disturbed_gate();

/// Of two files of another program: no control, no pairs, a metric of one file only.
GateResult files_gate();

/// Nothing was compared.
GateResult failed_gate();

/// Every text from outside tries to become markup or script.
GateResult hostile_gate();

}  // namespace asyncbench::sample
