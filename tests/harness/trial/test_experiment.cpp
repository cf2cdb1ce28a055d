#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "harness/errors.hpp"
#include "harness/trial/experiment.hpp"

namespace asyncbench {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::ThrowsMessage;

Scenario four_by_three(std::uint32_t repetitions = 6) {
    Scenario scenario;
    for (const char* name : {"sequential", "thread-pool:threads=16", "callback", "exec:./mine --x"}) {
        scenario.strategies.push_back(StrategySpec::parse(name));
    }
    scenario.concurrency = {1, 16, 256};
    scenario.plan.duration = 1s;
    scenario.repetitions = repetitions;
    return scenario;
}

/// Strategy and concurrency of the trials of one repetition, in their order.
std::vector<std::string> block(const std::vector<PlannedTrial>& trials, std::uint32_t repetition) {
    std::vector<std::string> cells;
    for (const PlannedTrial& trial : trials) {
        if (trial.repetition != repetition) continue;
        cells.push_back(trial.spec.strategy.text() + " " + std::to_string(trial.spec.plan.concurrency));
    }
    return cells;
}

TEST(PlannedTrials, EveryRepetitionHoldsEachCellOnce) {
    const auto trials = plan_trials(four_by_three());
    ASSERT_EQ(trials.size(), 72U);
    for (std::uint32_t repetition = 0; repetition < 6; ++repetition) {
        const auto cells = block(trials, repetition);
        EXPECT_EQ(cells.size(), 12U);
        EXPECT_EQ(std::set<std::string>(cells.begin(), cells.end()).size(), 12U);
    }
}

TEST(PlannedTrials, RepetitionsFollowEachOther) {
    const auto trials = plan_trials(four_by_three());
    EXPECT_TRUE(std::is_sorted(trials.begin(), trials.end(), [](const auto& left, const auto& right) {
        return left.repetition < right.repetition;
    }));
}

TEST(PlannedTrials, TheOrderIsTheSeeds) {
    Scenario scenario = four_by_three();
    const auto order = [&](std::uint64_t seed) {
        scenario.seed = seed;
        return block(plan_trials(scenario), 0);
    };
    EXPECT_EQ(order(1), order(1));
    EXPECT_NE(order(1), order(2));
}

TEST(PlannedTrials, TheOrderDiffersBetweenRepetitions) {
    const auto trials = plan_trials(four_by_three());
    std::set<std::vector<std::string>> orders;
    for (std::uint32_t repetition = 0; repetition < 6; ++repetition) {
        orders.insert(block(trials, repetition));
    }
    EXPECT_EQ(orders.size(), 6U);
}

TEST(PlannedTrials, EveryCellComesToStandAtEveryPlace) {
    const auto trials = plan_trials(four_by_three(300));
    std::set<std::pair<std::string, std::size_t>> places;
    for (std::uint32_t repetition = 0; repetition < 300; ++repetition) {
        const auto cells = block(trials, repetition);
        for (std::size_t place = 0; place < cells.size(); ++place) places.emplace(cells[place], place);
    }
    EXPECT_EQ(places.size(), 12U * 12U);
}

TEST(PlannedTrials, HaveNamesOfTheirOwnThatATargetUnderstands) {
    Scenario scenario = four_by_three(11);
    scenario.strategies.push_back(StrategySpec::parse("my_strategy"));
    scenario.strategies.push_back(StrategySpec::parse(std::string(90, 'x')));
    scenario.strategies.push_back(StrategySpec::parse(std::string(90, 'x') + "y"));
    scenario.concurrency.push_back(1'000'000);
    std::set<std::string> names;
    for (const PlannedTrial& trial : plan_trials(scenario)) {
        EXPECT_TRUE(names.insert(trial.spec.trial).second) << trial.spec.trial;
        EXPECT_LE(trial.spec.trial.size() + std::string("-warmup").size(), 64U) << trial.spec.trial;
        EXPECT_EQ(trial.spec.trial.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-"),
                  std::string::npos)
            << trial.spec.trial;
    }
}

TEST(PlannedTrials, CarryWhatTheScenarioSays) {
    Scenario scenario = four_by_three(1);
    scenario.profile.delay = DelaySpec::parse("7ms");
    scenario.seed = 99;
    scenario.warmup = 3ms;
    scenario.timeout = 4s;
    for (const PlannedTrial& trial : plan_trials(scenario)) {
        EXPECT_EQ(trial.spec.profile, scenario.profile);
        EXPECT_EQ(trial.spec.plan.duration, 1s);
        EXPECT_EQ(trial.spec.seed, 99U);
        EXPECT_EQ(trial.spec.warmup, 3ms);
        EXPECT_EQ(trial.spec.timeout, 4s);
    }
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

}  // namespace
}  // namespace asyncbench
