#pragma once

#include "analysis/gate/gate_result.hpp"
#include "cli/gate/paired_gate.hpp"

namespace asyncbench {

/// Counts what needs no quiet machine, a few runs of each cell and arm: instructions by the kernel's counters
/// or by valgrind where it is installed, allocations, connections, requests. Adds samples to `result` and
/// concludes it; what cannot be counted here becomes a warning that says so.
void run_counted_runs(const PairedGatePlan& plan, GateObserver& observer, GateResult& result);

}  // namespace asyncbench
