#include "cli/run_scenario.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <optional>

#include "harness/http/transfer.hpp"
#include "harness/trial/experiment.hpp"
#include "tests/support/paths/paths.hpp"

namespace asyncbench::run_scenario_tests {

using namespace std::chrono_literals;
using testing::HasSubstr;

/// Counts what it is told, and interrupts where it is asked to.
class CountingObserver final : public RunObserver {
  public:
    void trial_starts(const TrialSpec&, std::size_t index, std::size_t) override {
        ++started;
        if (interrupt_at(index)) interrupted = true;
    }
    void trial_ended(const Trial& result, std::size_t, std::size_t of) override {
        ++ended;
        if (!result.failure.empty()) ++lost;
        total = of;
    }
    void block_ended(const RunResult& run, const RunProgress& progress) override {
        last_progress = progress;
        if (run.ranking) last_ranking = *run.ranking;
    }

    int started = 0;
    int ended = 0;
    int lost = 0;
    std::size_t total = 0;
    RunProgress last_progress;
    std::optional<Ranking> last_ranking;
    std::atomic<bool> interrupted{false};
    std::function<bool(std::size_t)> interrupt_at = [](std::size_t) { return false; };
};

/// Short trials of two strategies.
Scenario short_scenario(const char* one, const char* other) {
    Scenario scenario;
    scenario.strategies = {StrategySpec::parse(one), StrategySpec::parse(other)};
    scenario.concurrency = {2};
    scenario.plan = {.kind = PlanKind::batch, .requests = 25};
    scenario.profile.delay = DelaySpec::parse("1ms");
    scenario.warmup = 0s;
    return scenario;
}

class RunScenario : public testing::Test {
  protected:
    static RunResult run_with(const Scenario& scenario, CountingObserver& observer) {
        initialize_curl();
        TargetLink target({.command = {test::asyncbench_program(), "target", "mock", "--port", "0",
                                       "--end-with-parent", "--latency", "1ms", "--seed", "1"}});
        return run_scenario(scenario, target,
                            {.trial_command = {test::asyncbench_program(), "trial"},
                             .interrupted = &observer.interrupted,
                             .first_cpu = {},
                             .last_cpu = {}},
                            observer);
    }
};

TEST_F(RunScenario, GoesOnAfterALostTrial) {
    Scenario scenario = short_scenario("sequential", "exec:exit 9");
    scenario.repetitions = 2;
    CountingObserver observer;
    const RunResult result = run_with(scenario, observer);
    EXPECT_EQ(observer.started, 4);
    EXPECT_EQ(observer.ended, 4);
    EXPECT_EQ(observer.lost, 2);
    EXPECT_EQ(observer.total, 4U);
    EXPECT_EQ(result.trials.size(), 4U);
    EXPECT_FALSE(result.interrupted);
    EXPECT_FALSE(result.usable());
    ASSERT_EQ(result.summary.size(), 2U);
    EXPECT_EQ(result.summary[1].used_trials, 0U);
    EXPECT_THAT(result.summary[1].warnings.at(0).message, HasSubstr("status 9"));
    EXPECT_TRUE(result.comparisons.empty());
}

TEST_F(RunScenario, JudgesTheBlocksOfRepetitionsOnce) {
    Scenario scenario = short_scenario("sequential", "callback");
    scenario.repetitions = 3;
    CountingObserver observer;
    const RunResult result = run_with(scenario, observer);
    EXPECT_EQ(result.trials.size(), 6U);
    EXPECT_FALSE(observer.last_ranking) << "before its end";
    ASSERT_TRUE(result.ranking);
    EXPECT_EQ(result.ranking->look, 0U);
    EXPECT_EQ(result.ranking->alpha, 0.05);
    EXPECT_THAT(result.ranking->blocks, testing::ElementsAre(0, 1, 2));
    EXPECT_EQ(observer.last_progress.blocks_done, 3U);
    EXPECT_EQ(observer.last_progress.blocks_planned, 3U);
    EXPECT_EQ(observer.last_progress.most_left, 0s);
}

TEST_F(RunScenario, MeasuresABlockHoweverSmallItsBudget) {
    Scenario scenario = short_scenario("sequential", "callback");
    scenario.budget = 1ns;
    CountingObserver observer;
    const RunResult result = run_with(scenario, observer);
    EXPECT_EQ(result.trials.size(), 2U);
    ASSERT_TRUE(result.ranking);
    EXPECT_EQ(result.ranking->look, 0U);
    EXPECT_EQ(result.ranking->alpha, 0.05);
}

TEST_F(RunScenario, MeasuresTheFirstLookThatItsBudgetHolds) {
    Scenario scenario = short_scenario("sequential", "callback");
    scenario.one_in_flight = {"sequential"};
    scenario.budget = 7 * expected_block_time(scenario);
    CountingObserver observer;
    const RunResult result = run_with(scenario, observer);
    EXPECT_GE(result.trials.size(), 14U) << "of one question: 7 blocks of two trials";
    ASSERT_TRUE(result.ranking);
    // Whether this machine is clear is not the test's to say.
    EXPECT_EQ(result.ranking->alpha, result.ranking->look == 1 ? 0.03 : 0.05);
    EXPECT_EQ(observer.last_progress.judged, result.ranking->look == 1);
}

TEST_F(RunScenario, HoldsTheTrialsBeforeAnInterruptionAndNoJudgementOfThem) {
    Scenario scenario = short_scenario("sequential", "callback");
    scenario.repetitions = 5;
    CountingObserver observer;
    observer.interrupt_at = [](std::size_t index) { return index == 3; };
    const RunResult result = run_with(scenario, observer);
    EXPECT_TRUE(result.interrupted);
    EXPECT_EQ(result.trials.size(), 3U);
    EXPECT_EQ(observer.last_progress.blocks_done, 1U);
    EXPECT_FALSE(result.ranking);
    EXPECT_EQ(result.summary.size(), 2U);
}

TEST_F(RunScenario, KeepsTheLastLookBeforeAnInterruption) {
    Scenario scenario = short_scenario("callback", "coroutine");
    scenario.budget = 1h;
    CountingObserver observer;
    observer.interrupt_at = [&](std::size_t) { return observer.last_ranking.has_value(); };
    const RunResult result = run_with(scenario, observer);
    if (!result.interrupted)
        GTEST_SKIP() << "the first look left nothing open, or this machine is never clear";
    ASSERT_TRUE(result.ranking);
    EXPECT_EQ(result.ranking->look, 1U);
    EXPECT_EQ(result.ranking->blocks, observer.last_ranking->blocks);
}

}  // namespace asyncbench::run_scenario_tests
