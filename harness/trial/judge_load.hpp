#pragma once

#include <cstdint>
#include <vector>

#include "harness/trial/judge_trial.hpp"
#include "harness/trial/trial.hpp"

namespace asyncbench {

/// From here on a load generator, and not the server, may be what was measured.
struct LoadLimits {
    double busiest_thread = 0.9;         ///< of its time on a CPU, in a closed loop: an open loop waits awake
    double pick_up_share = 0.25;         ///< median pick-up delay over median latency, in a closed loop
    std::uint64_t least_pick_ups = 100;  ///< fewer say nothing of it
    double unstamped_share = 0.01;       ///< of the responses
};

/// What is wrong with what a load generator measured, or bounds it: `trial.load` is set. Pure.
std::vector<Warning> judge_load(const Trial& trial, const TrialLimits& limits = {},
                                const LoadLimits& load_limits = {});

/// Whether the server is on this machine, as its address says.
bool loads_this_machine(const TrialSpec& spec);

}  // namespace asyncbench
