#include "analysis/scalability.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "analysis/summary.hpp"

namespace asyncbench::scalability_tests {

/// Two strategies in a closed loop, of which the first is measured once for all levels.
RunResult run_at(const std::vector<std::uint32_t>& levels) {
    RunResult run;
    run.scenario.strategies = {StrategySpec::parse("sequential"), StrategySpec::parse("coroutine")};
    run.scenario.concurrency = levels;
    for (const StrategySpec& strategy : run.scenario.strategies) {
        for (const std::uint32_t users : levels) {
            for (std::uint32_t block = 0; block < 2; ++block) {
                Trial trial;
                trial.spec.strategy = strategy;
                trial.spec.plan.concurrency = users;
                trial.repetition = block;
                trial.every_level = strategy.name == "sequential";
                trial.metrics["throughput_rps"] = {users / (1 + 0.01 * users) + block, {}};
                for (std::uint64_t id = 0; id < least_answers_in_cell; ++id) trial.client.add(id);
                if (!trial.every_level || users == levels.front()) run.trials.push_back(std::move(trial));
            }
        }
    }
    run.summary = summarize(run.scenario, run.trials);
    return run;
}

TEST(Scalability, IsFittedToThoseMeasuredAtEachConcurrency) {
    const std::vector<StrategyScalability> all = scalability_of(run_at({1, 10, 100}));
    ASSERT_EQ(all.size(), 2U);
    EXPECT_TRUE(all[1].fit) << all[1].why_none;
    EXPECT_EQ(all[1].lowest, 1);
    EXPECT_EQ(all[1].highest, 100);
    EXPECT_TRUE(all[1].residual_share);
}

TEST(Scalability, IsNoneWhereOneMeasurementStandsForAllConcurrencies) {
    const StrategyScalability sequential = scalability_of(run_at({1, 10, 100})).front();
    EXPECT_FALSE(sequential.fit);
    EXPECT_THAT(sequential.why_none, testing::HasSubstr("one request in flight"));
}

TEST(Scalability, NeedsThreeUsableConcurrencies) {
    RunResult run = run_at({1, 10, 100});
    EXPECT_FALSE(scalability_of(run_at({1, 10})).back().fit);
    for (Trial& trial : run.trials)
        if (trial.spec.plan.concurrency == 10) trial.failure = "It died.";
    run.summary = summarize(run.scenario, run.trials);
    EXPECT_THAT(scalability_of(run).back().why_none, testing::HasSubstr("fewer than three"));
}

TEST(Scalability, IsOfAClosedLoop) {
    RunResult run = run_at({1, 10, 100});
    run.scenario.plan.kind = PlanKind::open;
    EXPECT_THAT(scalability_of(run).back().why_none, testing::HasSubstr("closed loop"));
}

}  // namespace asyncbench::scalability_tests
