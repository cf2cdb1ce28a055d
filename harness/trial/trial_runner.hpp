#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "harness/trial/experiment.hpp"
#include "harness/trial/judge_trial.hpp"
#include "harness/trial/target_link.hpp"
#include "harness/trial/trial.hpp"

namespace asyncbench {

/// How this program starts itself and is told to stop.
struct RunnerOptions {
    std::vector<std::string> trial_command;  ///< speaks the trial protocol for the strategies built in
    const std::atomic<bool>* interrupted;    ///< set by a signal handler; the trial under way is given up
    std::optional<unsigned> first_cpu;       ///< trials are pinned to the CPUs [first_cpu, last_cpu]
    std::optional<unsigned> last_cpu;
    /// How much longer than its spec says a trial may take to set up, and to work, before it counts as hung.
    Nanoseconds patience = std::chrono::seconds{30};
    TrialLimits limits = {};
    /// Of a load generator, which drains in place of being given up: hears of each second. May be empty.
    std::function<void(const LoadSoFar&)> on_second = {};
};

/// Runs single trials: the parent's side of the trial protocol. One thread.
class TrialRunner {
  public:
    TrialRunner(RunnerOptions options, TargetLink& target) : options_(std::move(options)), target_(target) {}

    /// Runs one trial in a process of its own and judges it. What goes wrong with the process is the result's
    /// `failure`; it throws only where nothing can be run at all. A strategy that is unavailable once is so
    /// for good: its further trials are not started.
    Trial run(const PlannedTrial& planned, std::uint32_t order);

  private:
    ChildProcess::Options command_for(const StrategySpec& strategy) const;
    Trial measure(TrialSpec& spec);
    Trial converse(ChildProcess& child, const TrialSpec& spec);

    RunnerOptions options_;
    TargetLink& target_;
    std::map<std::string, std::string> unavailable_;  ///< strategy -> why
};

}  // namespace asyncbench
