#pragma once

#include <cstddef>
#include <cstdint>

#include "analysis/run_result.hpp"
#include "harness/trial/trial_runner.hpp"

namespace asyncbench {

/// How far a run is when a block has ended.
struct RunProgress {
    std::uint32_t blocks_done = 0;
    std::uint32_t blocks_planned = 0;  ///< that will be measured in all, as far as is known by now
    std::size_t open = 0;              ///< questions of speed without an answer at the last look
    bool judged = false;               ///< a look was taken
    Nanoseconds elapsed{0};
    Nanoseconds most_left{0};  ///< that the rest can take, by the blocks so far and the budget
};

/// Is told how a run goes on. Called on the thread that runs it.
class RunObserver {
  public:
    virtual ~RunObserver() = default;
    /// `total` trials are planned by now; a run that goes on until the order is clear may add blocks.
    virtual void trial_starts(const TrialSpec& spec, std::size_t index, std::size_t total) = 0;
    virtual void trial_ended(const Trial& result, std::size_t index, std::size_t total) = 0;
    /// After each block, with the run so far, summarized.
    virtual void block_ended(const RunResult& /*run*/, const RunProgress& /*progress*/) {}

    /// Asked after each trial, when nothing is measured: whether to be told of the run so far, which is
    /// summarized for that.
    virtual bool wants_run_so_far() { return false; }
    virtual void run_so_far(const RunResult& /*run*/) {}
};

/// Measures blocks of the scenario and answers its questions (ranking/block_schedule.hpp). The first n blocks
/// are measured whatever the budget, and where n clear ones cannot be had all blocks are judged once. An
/// interruption ends it after the trial under way with the last look that was taken. Fills all of the result
/// but `command`, `tool_version` and `code_lines`.
RunResult run_scenario(const Scenario& scenario, TargetLink& target, const RunnerOptions& options,
                       RunObserver& observer);

}  // namespace asyncbench
