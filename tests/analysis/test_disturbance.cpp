#include "analysis/disturbance.hpp"

#include <gtest/gtest.h>

namespace asyncbench::disturbance_tests {

/// A run of one trial a block, during which other programs used so many cores.
RunResult run_beside(const std::vector<double>& other_load_cores) {
    RunResult run;
    for (const double cores : other_load_cores) {
        Trial& trial = run.trials.emplace_back();
        trial.repetition = static_cast<std::uint32_t>(run.trials.size() - 1);
        trial.metrics["other_load_cores"] = {cores, {}};
        trial.metrics["steal_share"] = {0, {}};
    }
    return run;
}

TEST(Disturbance, IsTheMedianOfTheBusyBlocks) {
    const auto disturbance = disturbance_of(run_beside({0, 1, 0.1, 3, 2}));
    ASSERT_TRUE(disturbance);
    EXPECT_EQ(disturbance->busy_blocks, 3U);
    EXPECT_EQ(disturbance->blocks, 5U);
    EXPECT_EQ(disturbance->other_load_cores, 2);
    EXPECT_EQ(disturbance->steal_share, 0);
}

TEST(Disturbance, IsNoneOfAMachineThatWasNeverBusy) {
    EXPECT_FALSE(disturbance_of(run_beside({0, 0.1})));
}

}  // namespace asyncbench::disturbance_tests
