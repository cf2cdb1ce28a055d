#pragma once

#include <cstddef>

#include "harness/trial/run_result.hpp"
#include "harness/trial/trial_runner.hpp"

namespace asyncbench {

/// Is told how a run goes on. Called on the thread that runs it.
class RunObserver {
  public:
    virtual ~RunObserver() = default;
    virtual void trial_starts(const TrialSpec& spec, std::size_t index, std::size_t total) = 0;
    virtual void trial_ended(const TrialResult& result, std::size_t index, std::size_t total) = 0;

    /// Asked after each trial, when nothing is measured: whether to be told of the run so far, which is
    /// summarised for that.
    virtual bool wants_run_so_far() { return false; }
    virtual void run_so_far(const RunResult& /*run*/) {}
};

/// Runs every trial of the scenario and summarises. An interruption ends it after the trial under way, with
/// what there is. Fills all of the result but `command` and `tool_version`.
RunResult run_scenario(const Scenario& scenario, TargetLink& target, const RunnerOptions& options,
                       RunObserver& observer);

}  // namespace asyncbench
