#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <vector>

#include "analysis/gate/self_test.hpp"
#include "cli/gate/paired_gate.hpp"

namespace asyncbench {

struct PlannedInjection {
    Injection injection;
    ArmSetup head;
};

struct SelfTestPlan {
    PairedGatePlan gate;  ///< rules, base, control and a scenario of one cell; its head is not used
    std::vector<PlannedInjection> injections;
    std::size_t suites = 5;          ///< gates to be judged for each injection
    std::size_t counted_suites = 2;  ///< of the counted runs, for what changes no latency
    /// For each gate with counted runs, which counts from 0 again.
    std::function<std::unique_ptr<TargetLink>()> new_target;
};

/// Measures blocks in which each injection has pairs of its own beside the control, as in a gate, until each
/// has as many suites as were asked for; then counts.
SelfTestResult run_self_test(const SelfTestPlan& plan, GateObserver& observer);

}  // namespace asyncbench
