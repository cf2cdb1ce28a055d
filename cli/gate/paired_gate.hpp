#pragma once

#include <atomic>
#include <optional>
#include <string>
#include <vector>

#include "analysis/gate/gate_result.hpp"
#include "analysis/gate/rules.hpp"
#include "harness/trial/scenario.hpp"
#include "harness/trial/target_link.hpp"

namespace asyncbench {

/// How the trials of one arm are started, and what they call.
struct ArmSetup {
    SecretText name;                         ///< as the user wrote it, for messages
    std::vector<std::string> trial_command;  ///< speaks the trial protocol
    TargetLink* target = nullptr;            ///< not owned; both arms may have the same
};

/// What a paired gate is to measure. The scenario gives the cells (strategies x concurrency), the load and
/// the seed, the same in both arms; its repetitions are not used. A batch of 0 requests stands for as many in
/// each cell as make a sample (sample_size.hpp).
struct PairedGatePlan {
    Scenario scenario;
    GateRules rules;
    ArmSetup base;
    ArmSetup head;
    ArmSetup control;           ///< touches nothing that changed: this program against its own target
    Scenario control_scenario;  ///< one cell
    const std::atomic<bool>* interrupted = nullptr;
    std::optional<unsigned> first_cpu;  ///< as in RunnerOptions, as are the next two
    std::optional<unsigned> last_cpu;
    Nanoseconds patience = std::chrono::seconds{30};
};

/// Measures both arms in turns until every line is decided or the last look was had: blocks of ABBA or BAAB,
/// drawn from the seed, with the control in each; judges at the looks; confirms what failed with a fresh
/// batch. What goes wrong with an arm is the result's `failure` or a warning; throws Error only where nothing
/// can be run at all. Fills all of the result but `command` and `tool_version`.
GateResult run_paired_gate(const PairedGatePlan& plan, GateObserver& observer);

}  // namespace asyncbench
