#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "analysis/gate/gate_result.hpp"
#include "cli/gate/paired_gate.hpp"
#include "harness/trial/metric.hpp"
#include "harness/trial/trial_result.hpp"

namespace asyncbench {

/// A batch that is counted: small, because a count needs no length to be right, and cold, because a warm-up
/// of a certain time does another number of requests each time.
struct CountedBatch {
    StrategySpec strategy;
    std::uint32_t concurrency = 1;
    std::uint64_t requests = 1;
};

/// Runs the trials that are counted. One thread.
class CountedTrials {
  public:
    explicit CountedTrials(const PairedGatePlan& plan) : plan_(plan) {}

    /// A trial as any other.
    GateSample run(const CountedBatch& batch, Arm arm);

    /// Instructions a request in user mode, by valgrind: the difference of a batch and one twice as large, in
    /// which starting and ending a program cancel out. Unknown where the program does not run under it.
    MetricValue instructions(const CountedBatch& batch, Arm arm, const std::string& valgrind);

  private:
    TrialResult run(const CountedBatch& batch, const ArmSetup& setup);
    MetricValue tried_twice(const CountedBatch& batch, Arm arm, const std::string& valgrind);
    MetricValue instructions_of(const CountedBatch& batch, Arm arm, const std::string& valgrind);

    const PairedGatePlan& plan_;
    std::uint32_t order_ = 0;
};

}  // namespace asyncbench
