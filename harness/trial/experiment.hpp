#pragma once

#include <cstdint>
#include <vector>

#include "harness/trial/scenario.hpp"

namespace asyncbench {

/// A trial that is to be run, in its place.
struct PlannedTrial {
    TrialSpec spec;  ///< without base_url, which the target tells
    std::uint32_t repetition = 0;
};

/// All trials of a scenario in the order to run them: each repetition is a block that holds every cell once,
/// in an order drawn from the seed, so that a drift of the machine meets all cells alike.
std::vector<PlannedTrial> plan_trials(const Scenario& scenario);

/// The longest that the work of one trial can take: what the slowest style, one request after another, needs
/// with every request at its timeout's or its delay's worst. A process that takes longer, and some patience,
/// counts as hung.
Nanoseconds longest_work(const TrialSpec& spec);

}  // namespace asyncbench
