#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/gate/gate_result.hpp"
#include "analysis/gate/looks.hpp"
#include "cli/gate/block_order.hpp"
#include "cli/gate/paired_gate.hpp"
#include "harness/trial/trial.hpp"
#include "harness/trial/trial_runner.hpp"

namespace asyncbench {

/// For the trials of an arm.
TrialRunner runner_of(const PairedGatePlan& plan, const ArmSetup& arm);

/// A trial of a subject, in batches of `subject.requests`; its name stays to be filled in.
TrialSpec trial_spec_of(const GateCell& subject, const Scenario& scenario);

/// What a gate keeps of a trial, with its unforeseen errors as a metric; whose it is stays to be filled in.
/// Where the arm is a server, what the trial says of its own process is the generator's.
GateTrial sample_of(Trial result, const ArmSetup& setup);

/// That the trials of an arm fail, in a sentence; `last` is the failure of the last.
std::string text_of_failing(std::string_view arm, const ArmSetup& setup, const FailureLimit& limit,
                            const std::string& last);

/// Runs the trials of a gate and gives up on an arm whose trials keep failing. One thread.
class GateTrials {
  public:
    explicit GateTrials(const PairedGatePlan& plan);

    /// One trial of a subject, its batch of `subject.requests`. What goes wrong is the sample's failure.
    GateTrial run(const GateCell& subject, const BlockTrial& trial, bool confirmation);

    /// A trial of base alone, to see how long a batch takes; of `requests`.
    Trial try_base(const GateCell& subject, std::uint64_t requests);

    /// Why there is no sense in going on: the failures of an arm reached the limit. Empty where there is.
    const std::string& failure() const { return failure_; }
    bool interrupted() const;

  private:
    /// An arm, or the control, whose arms are the same program.
    struct Programs {
        const ArmSetup* setup = nullptr;
        std::string name;
        TrialRunner runner;
        FailureLimit limit = {};
    };

    Programs& programs_of(const GateCell& subject, Arm arm);
    Trial run_trial(Programs& programs, TrialSpec spec);
    const Scenario& scenario_of(const GateCell& subject) const;

    const PairedGatePlan& plan_;
    std::array<Programs, 3> programs_;  ///< base, head, control
    std::uint32_t order_ = 0;
    std::string failure_;
};

}  // namespace asyncbench
