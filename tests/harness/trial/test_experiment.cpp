#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>
#include <string>
#include <vector>

#include "async/errors.hpp"
#include "harness/trial/experiment.hpp"

namespace asyncbench::experiment_tests {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::ThrowsMessage;

Scenario four_by_three() {
    Scenario scenario;
    for (const char* name : {"sequential", "thread-pool:threads=16", "callback", "exec:./mine --x"}) {
        scenario.strategies.push_back(StrategySpec::parse(name));
    }
    scenario.concurrency = {1, 16, 256};
    scenario.plan.kind = PlanKind::closed;
    scenario.plan.duration = 1s;
    return scenario;
}

/// Strategy and concurrency of the trials of a block, in their order.
std::vector<std::string> cells_of(const Scenario& scenario, std::uint32_t block) {
    std::vector<std::string> cells;
    for (const PlannedTrial& trial : plan_block(scenario, block))
        cells.push_back(trial.spec.strategy.text() + " " + std::to_string(trial.spec.plan.concurrency));
    return cells;
}

TEST(PlannedBlock, HoldsEachCellOnce) {
    for (std::uint32_t block = 0; block < 6; ++block) {
        const auto cells = cells_of(four_by_three(), block);
        EXPECT_EQ(cells.size(), 12U);
        EXPECT_EQ(std::set<std::string>(cells.begin(), cells.end()).size(), 12U);
        for (const PlannedTrial& trial : plan_block(four_by_three(), block))
            EXPECT_EQ(trial.repetition, block);
    }
}

TEST(PlannedBlock, HasTheOrderOfTheSeed) {
    Scenario scenario = four_by_three();
    const auto order = [&](std::uint64_t seed) {
        scenario.seed = seed;
        return cells_of(scenario, 0);
    };
    EXPECT_EQ(order(1), order(1));
    EXPECT_NE(order(1), order(2));
}

TEST(PlannedBlock, HasAnOrderOfItsOwn) {
    std::set<std::vector<std::string>> orders;
    for (std::uint32_t block = 0; block < 6; ++block) orders.insert(cells_of(four_by_three(), block));
    EXPECT_EQ(orders.size(), 6U);
}

TEST(PlannedBlock, PutsEveryCellAtEveryPlaceInTheEnd) {
    std::set<std::pair<std::string, std::size_t>> places;
    for (std::uint32_t block = 0; block < 300; ++block) {
        const auto cells = cells_of(four_by_three(), block);
        for (std::size_t place = 0; place < cells.size(); ++place) places.emplace(cells[place], place);
    }
    EXPECT_EQ(places.size(), 12U * 12U);
}

TEST(PlannedBlock, PutsEitherOfTwoFirstInHalfOfTheBlocks) {
    // What no order is shown by rests on this: that either comes first is as likely.
    Scenario scenario = four_by_three();
    scenario.concurrency = {256};
    constexpr int blocks = 4000;
    int first = 0;
    for (std::uint32_t block = 0; block < blocks; ++block) {
        const auto cells = cells_of(scenario, block);
        const auto place = [&](const std::string& cell) {
            return std::find(cells.begin(), cells.end(), cell);
        };
        if (place("callback 256") < place("thread-pool:threads=16 256")) ++first;
    }
    EXPECT_NEAR(first, blocks / 2, 4 * std::sqrt(blocks / 4.0)) << "four standard errors";
}

TEST(PlannedBlock, HasNamesOfItsOwnThatATargetUnderstands) {
    Scenario scenario = four_by_three();
    scenario.strategies.push_back(StrategySpec::parse("my_strategy"));
    scenario.strategies.push_back(StrategySpec::parse(std::string(90, 'x')));
    scenario.strategies.push_back(StrategySpec::parse(std::string(90, 'x') + "y"));
    scenario.concurrency.push_back(1'000'000);
    scenario.one_in_flight = {"sequential"};
    std::set<std::string> names;
    for (std::uint32_t block = 0; block < 11; ++block) {
        for (const PlannedTrial& trial : plan_block(scenario, block)) {
            EXPECT_TRUE(names.insert(trial.spec.trial).second) << trial.spec.trial;
            EXPECT_LE(trial.spec.trial.size() + std::string("-warmup").size(), 64U) << trial.spec.trial;
            EXPECT_EQ(trial.spec.trial.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-"),
                      std::string::npos)
                << trial.spec.trial;
        }
    }
}

TEST(PlannedBlock, CarriesWhatTheScenarioSays) {
    Scenario scenario = four_by_three();
    scenario.profile.delay = DelaySpec::parse("7ms");
    scenario.seed = 99;
    scenario.warmup = 3ms;
    scenario.timeout = 4s;
    for (const PlannedTrial& trial : plan_block(scenario, 0)) {
        EXPECT_EQ(trial.spec.profile, scenario.profile);
        EXPECT_EQ(trial.spec.plan.duration, 1s);
        EXPECT_EQ(trial.spec.seed, 99U);
        EXPECT_EQ(trial.spec.warmup, 3ms);
        EXPECT_EQ(trial.spec.timeout, 4s);
    }
}

/// The trials of `sequential` in the first block, by their concurrency.
std::vector<std::uint32_t> levels_of_sequential(const Scenario& scenario) {
    std::vector<std::uint32_t> levels;
    for (const PlannedTrial& trial : plan_block(scenario, 0)) {
        if (trial.spec.strategy.name != "sequential") {
            EXPECT_FALSE(trial.every_level);
            continue;
        }
        EXPECT_EQ(trial.every_level, is_measured_once(scenario, trial.spec.strategy));
        levels.push_back(trial.spec.plan.concurrency);
    }
    std::sort(levels.begin(), levels.end());
    return levels;
}

TEST(PlannedBlock, MeasuresAStrategyWithOneRequestInFlightOnceForAllLevelsOfAClosedLoop) {
    Scenario scenario = four_by_three();
    scenario.one_in_flight = {"sequential"};
    EXPECT_EQ(levels_of_sequential(scenario), std::vector<std::uint32_t>{1});
    EXPECT_EQ(plan_block(scenario, 0).size(), 10U);
    for (const PlanKind kind : {PlanKind::batch, PlanKind::open}) {
        scenario.plan.kind = kind;
        EXPECT_EQ(levels_of_sequential(scenario), (std::vector<std::uint32_t>{1, 16, 256}))
            << "of a batch it has other shares, and an open loop queues";
    }
}

TEST(PlannedBlock, MeasuresEveryStrategyAtEveryLevelWhereNoneIsNamed) {
    EXPECT_EQ(levels_of_sequential(four_by_three()), (std::vector<std::uint32_t>{1, 16, 256}));
}

TEST(ExpectedBlockTime, IsThatOfItsTrials) {
    Scenario scenario = four_by_three();
    scenario.warmup = 200ms;
    EXPECT_GE(expected_block_time(scenario), 12 * 1200ms);
    EXPECT_LE(expected_block_time(scenario), 12 * 1500ms);
    const Nanoseconds all = expected_block_time(scenario);
    scenario.one_in_flight = {"sequential"};
    EXPECT_EQ(expected_block_time(scenario) * 12, all * 10) << "two trials fewer";
}

TEST(ExpectedBlockTime, OfABatchFollowsFromTheRequestsInFlight) {
    Scenario scenario = four_by_three();
    scenario.strategies.resize(1);
    scenario.concurrency = {100};
    scenario.warmup = 0s;
    scenario.profile.delay = DelaySpec::parse("20ms");
    scenario.plan = {.kind = PlanKind::batch, .requests = 1000};
    EXPECT_LT(expected_block_time(scenario), 1s);
    scenario.one_in_flight = {"sequential"};
    EXPECT_GE(expected_block_time(scenario), 1000 * 20ms) << "one after another";
}

TEST(ScenarioCheck, TakesWhatCanBeCompared) {
    EXPECT_NO_THROW(check(four_by_three()));
}

TEST(ScenarioCheck, RefusesNothingAndTheSameTwice) {
    Scenario scenario = four_by_three();
    scenario.strategies.push_back(StrategySpec::parse("thread-pool:threads=16"));
    EXPECT_THAT([&] { check(scenario); }, ThrowsMessage<UsageError>(HasSubstr("thread-pool:threads=16")));
    scenario = four_by_three();
    scenario.concurrency.push_back(16);
    EXPECT_THAT([&] { check(scenario); }, ThrowsMessage<UsageError>(HasSubstr("16")));
    scenario = four_by_three();
    scenario.strategies.clear();
    EXPECT_THAT([&] { check(scenario); }, ThrowsMessage<UsageError>(HasSubstr("-s")));
    scenario = four_by_three();
    scenario.concurrency.clear();
    EXPECT_THAT([&] { check(scenario); }, ThrowsMessage<UsageError>(HasSubstr("-c")));
}

TrialSpec spec_of(PlanKind kind) {
    TrialSpec spec;
    spec.plan = {.kind = kind, .concurrency = 64, .requests = 1000, .duration = 2s, .rate_rps = 500};
    spec.profile.delay = DelaySpec::parse("20ms");
    spec.timeout = 5s;
    return spec;
}

TEST(LongestWork, OfABatchLetsTheSlowestStyleFinish) {
    EXPECT_GE(longest_work(spec_of(PlanKind::batch)), 1000 * 20ms + 5s);
    EXPECT_LE(longest_work(spec_of(PlanKind::batch)), 60s);
}

TEST(LongestWork, OfALoopIsItsDurationWithItsLastAnswers) {
    EXPECT_EQ(longest_work(spec_of(PlanKind::closed)), 2s + 5s);
    // 1000 requests in all, one after another.
    EXPECT_GE(longest_work(spec_of(PlanKind::open)), 1000 * 20ms + 5s);
}

TEST(LongestWork, LeavesTimeToWorkOnTheLastAnswers) {
    TrialSpec spec = spec_of(PlanKind::closed);
    spec.profile.compute = 1s;
    EXPECT_GE(longest_work(spec), 2s + 64 * 1s + 5s);
}

TEST(LongestWork, OfAForeignTargetIsWhatTheTimeoutAllows) {
    TrialSpec spec = spec_of(PlanKind::batch);
    spec.verify = false;
    EXPECT_GE(longest_work(spec), 1000 * 5s);
}

TEST(LongestWork, HasAnEnd) {
    TrialSpec spec = spec_of(PlanKind::batch);
    spec.plan.requests = std::numeric_limits<std::uint64_t>::max();
    EXPECT_LE(longest_work(spec), 25h);
    EXPECT_GT(longest_work(spec), 1h);
}

}  // namespace asyncbench::experiment_tests
