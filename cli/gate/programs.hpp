#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/gate/gate_config.hpp"
#include "cli/gate/options.hpp"
#include "cli/gate/paired_gate.hpp"
#include "harness/trial/target_link.hpp"
#include "harness/trial/trial_runner.hpp"

namespace asyncbench {

/// Of the negative control: small, the same in every gate, and of this program alone.
Scenario gate_control_scenario(const Scenario& measured);

/// The command that starts the trials of what a user wrote for --base or --head: run by the shell, without a
/// leading `exec:`; asyncbench alone is told to do a trial.
std::vector<std::string> trial_command(std::string_view text);

/// The programs and targets of a paired gate, for as long as it measures.
class PairedPrograms {
  public:
    /// Starts the targets. Throws UsageError, and Error where one does not answer.
    PairedPrograms(const GateOptions& options, const GateConfig& settings);

    /// Ends the targets, which may take as long as servers take to end.
    ~PairedPrograms();
    PairedPrograms(const PairedPrograms&) = delete;
    PairedPrograms& operator=(const PairedPrograms&) = delete;

    const PairedGatePlan& plan() const { return plan_; }

  private:
    void start_programs(const GateOptions& options, const Scenario& scenario);
    void start_servers(const GateOptions& options, const Scenario& scenario, const RunnerOptions& own);
    void find_servers(const GateOptions& options, const Scenario& scenario, const RunnerOptions& own);

    std::unique_ptr<TargetLink> target_;       ///< of both arms, or of base
    std::unique_ptr<TargetLink> head_target_;  ///< where it has one of its own
    std::unique_ptr<TargetLink> control_target_;
    PairedGatePlan plan_;
};

}  // namespace asyncbench
