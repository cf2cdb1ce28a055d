#pragma once

#include <cstdint>
#include <vector>

#include "harness/trial/scenario.hpp"

namespace asyncbench {

/// A trial that is to be run, in its place.
struct PlannedTrial {
    TrialSpec spec;  ///< without base_url, which the target tells
    std::uint32_t repetition = 0;
    bool every_level = false;  ///< stands for all concurrencies (Trial::every_level)
};

/// The trials of one block in the order to run them: every cell once, in an order drawn from the seed, so
/// that a drift of the machine meets all cells alike.
std::vector<PlannedTrial> plan_block(const Scenario& scenario, std::uint32_t block);

/// How long a block takes where the strategies keep to their plans: work, warm-up and the start of a process
/// for each trial. A batch or an overloaded open loop may take longer.
Nanoseconds expected_block_time(const Scenario& scenario);

/// The longest that the work of one trial can take: what the slowest style, one request after another, needs
/// with every request at its timeout's or its delay's worst. A process that takes longer, and some patience,
/// counts as hung.
Nanoseconds longest_work(const TrialSpec& spec);

}  // namespace asyncbench
