#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <vector>

#include "harness/trial/summary.hpp"

namespace asyncbench {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

Scenario two_strategies(std::vector<std::uint32_t> concurrency = {16}) {
    Scenario scenario;
    scenario.strategies = {StrategySpec::parse("sequential"), StrategySpec::parse("coroutine:loops=2")};
    scenario.concurrency = std::move(concurrency);
    return scenario;
}

/// A valid trial with one metric.
TrialResult trial(const char* strategy, std::uint32_t repetition, double throughput,
                  std::uint32_t concurrency = 16) {
    TrialResult result;
    result.spec.strategy = StrategySpec::parse(strategy);
    result.spec.plan.concurrency = concurrency;
    result.repetition = repetition;
    result.metrics["throughput_rps"] = {throughput, {}};
    result.service_time_ns.record(1000 + repetition);
    return result;
}

TrialResult invalid(TrialResult result, const char* code = "steal") {
    result.warnings.push_back({code, "It is not valid.", true});
    return result;
}

TrialResult failed(const TrialResult& measured) {
    TrialResult result;
    result.spec = measured.spec;
    result.repetition = measured.repetition;
    result.failure = "It died.";
    return result;
}

TEST(Summary, HasACellForEachStrategyAndConcurrencyInTheScenariosOrder) {
    const std::vector<TrialResult> trials{trial("coroutine:loops=2", 0, 1, 64), trial("sequential", 0, 2, 64),
                                          trial("coroutine:loops=2", 0, 3, 16),
                                          trial("sequential", 0, 4, 16)};
    const auto cells = summarize(two_strategies({16, 64}), trials);
    std::vector<std::string> names;
    for (const Cell& cell : cells)
        names.push_back(cell.strategy.text() + "@" + std::to_string(cell.concurrency));
    EXPECT_THAT(
        names, ElementsAre("sequential@16", "coroutine:loops=2@16", "sequential@64", "coroutine:loops=2@64"));
    EXPECT_EQ(cells[0].metrics.at("throughput_rps").value, 4);
    EXPECT_EQ(cells[3].metrics.at("throughput_rps").value, 1);
}

TEST(Summary, IsTheMedianWithItsInterval) {
    std::vector<TrialResult> trials;
    for (std::uint32_t i = 0; i < 5; ++i) trials.push_back(trial("sequential", i, 100 + (i * 7 % 5)));
    const auto cells = summarize(two_strategies(), trials);
    ASSERT_THAT(cells, SizeIs(1));
    const Estimate estimate = cells[0].metrics.at("throughput_rps");
    EXPECT_EQ(estimate.value, 102);
    EXPECT_EQ(estimate.low, 100);
    EXPECT_EQ(estimate.high, 104);
    EXPECT_NEAR(estimate.confidence, 0.9375, 1e-9);
}

TEST(Summary, OfOneTrialKnowsNoInterval) {
    const auto cells = summarize(two_strategies(), {trial("sequential", 0, 100)});
    const Estimate estimate = cells.at(0).metrics.at("throughput_rps");
    EXPECT_EQ(estimate.low, 100);
    EXPECT_EQ(estimate.high, 100);
    EXPECT_EQ(estimate.confidence, 0);
}

TEST(Summary, LeavesInvalidAndFailedTrialsOut) {
    const auto cells =
        summarize(two_strategies(), {trial("sequential", 0, 100), invalid(trial("sequential", 1, 900)),
                                     trial("sequential", 2, 102), failed(trial("sequential", 3, 0)),
                                     trial("sequential", 4, 104)});
    ASSERT_THAT(cells, SizeIs(1));
    EXPECT_EQ(cells[0].trials, 5U);
    EXPECT_EQ(cells[0].valid_trials, 3U);
    EXPECT_TRUE(cells[0].valid());
    EXPECT_EQ(cells[0].metrics.at("throughput_rps").value, 102);
    EXPECT_EQ(cells[0].metrics.at("throughput_rps").high, 104);
    EXPECT_EQ(cells[0].service_time_ns.count(), 3U);
}

TEST(Summary, TellsEachKindOfWarningOnce) {
    const auto cells =
        summarize(two_strategies(), {invalid(trial("sequential", 0, 1)), invalid(trial("sequential", 1, 1)),
                                     failed(trial("sequential", 2, 1)), failed(trial("sequential", 3, 1)),
                                     trial("sequential", 4, 1)});
    ASSERT_THAT(cells.at(0).warnings, SizeIs(2));
    EXPECT_EQ(cells[0].warnings[0].code, "steal");
    EXPECT_EQ(cells[0].warnings[1].code, "trial-failed");
    EXPECT_EQ(cells[0].warnings[1].message, "It died.");
}

TEST(Summary, ACellIsValidWithMoreThanHalfOfItsTrials) {
    const auto cell_of = [](std::vector<TrialResult> trials) {
        return summarize(two_strategies(), trials).at(0);
    };
    EXPECT_FALSE(cell_of({trial("sequential", 0, 1), invalid(trial("sequential", 1, 1))}).valid());
    EXPECT_TRUE(
        cell_of({trial("sequential", 0, 1), invalid(trial("sequential", 1, 1)), trial("sequential", 2, 1)})
            .valid());
}

TEST(Summary, OneMismatchOfWorkMakesACellInvalid) {
    std::vector<TrialResult> trials;
    for (std::uint32_t i = 0; i < 9; ++i) trials.push_back(trial("sequential", i, 1));
    trials[4] = invalid(trials[4], "work-mismatch");
    EXPECT_FALSE(summarize(two_strategies(), trials).at(0).valid());
    trials[4] = invalid(trial("sequential", 4, 1), "wrong-content");
    EXPECT_FALSE(summarize(two_strategies(), trials).at(0).valid());
}

TEST(Summary, SaysWhyAMetricHasNoEstimate) {
    TrialResult without = trial("sequential", 0, 1);
    without.metrics["instructions_per_request"] = MetricValue::unknown("no hardware counters");
    const auto cells = summarize(two_strategies(), {without});
    EXPECT_FALSE(cells.at(0).metrics.contains("instructions_per_request"));
    EXPECT_EQ(cells[0].unknown.at("instructions_per_request"), "no hardware counters");
}

TEST(Summary, OfNothingIsEmpty) {
    EXPECT_THAT(summarize(two_strategies(), {}), IsEmpty());
    EXPECT_THAT(compare_with_first({}, {}), IsEmpty());
}

std::vector<Comparison> compare(const std::vector<TrialResult>& trials,
                                std::vector<std::uint32_t> concurrency = {16}) {
    return compare_with_first(summarize(two_strategies(std::move(concurrency)), trials), trials);
}

TEST(Comparisons, ArePairedByRepetition) {
    // The machine is ten times slower in each next repetition; the ratio is 2 throughout.
    std::vector<TrialResult> trials;
    double speed = 1e6;
    for (std::uint32_t i = 0; i < 6; ++i, speed /= 10) {
        trials.push_back(trial("coroutine:loops=2", i, 2 * speed));
        trials.push_back(trial("sequential", i, speed));
    }
    const auto comparisons = compare(trials);
    ASSERT_THAT(comparisons, SizeIs(1));
    EXPECT_EQ(comparisons[0].base.text(), "sequential");
    EXPECT_EQ(comparisons[0].head.text(), "coroutine:loops=2");
    EXPECT_EQ(comparisons[0].metric, "throughput_rps");
    EXPECT_DOUBLE_EQ(comparisons[0].ratio.value, 2);
    EXPECT_DOUBLE_EQ(comparisons[0].ratio.low, 2);
    EXPECT_DOUBLE_EQ(comparisons[0].ratio.high, 2);
    EXPECT_TRUE(comparisons[0].separated);
}

TEST(Comparisons, LeaveOutPairsOfWhichOneIsInvalid) {
    std::vector<TrialResult> trials;
    for (std::uint32_t i = 0; i < 7; ++i) {
        trials.push_back(trial("sequential", i, 100));
        trials.push_back(trial("coroutine:loops=2", i, 200));
    }
    trials[0] = invalid(trial("sequential", 0, 1));
    trials[3] = failed(trials[3]);
    const auto comparisons = compare(trials);
    ASSERT_THAT(comparisons, SizeIs(1));
    EXPECT_DOUBLE_EQ(comparisons[0].ratio.low, 2);
    EXPECT_DOUBLE_EQ(comparisons[0].ratio.high, 2);
}

TEST(Comparisons, ClaimNoDifferenceWhereTheIntervalHoldsOne) {
    std::vector<TrialResult> trials;
    for (std::uint32_t i = 0; i < 6; ++i) {
        trials.push_back(trial("sequential", i, 100));
        trials.push_back(trial("coroutine:loops=2", i, i % 2 == 0 ? 110 : 95));
    }
    const auto comparisons = compare(trials);
    ASSERT_THAT(comparisons, SizeIs(1));
    EXPECT_LT(comparisons[0].ratio.low, 1);
    EXPECT_GT(comparisons[0].ratio.high, 1);
    EXPECT_FALSE(comparisons[0].separated);
}

TEST(Comparisons, ClaimNoDifferenceOfASinglePair) {
    const auto comparisons = compare({trial("sequential", 0, 1), trial("coroutine:loops=2", 0, 50)});
    ASSERT_THAT(comparisons, SizeIs(1));
    EXPECT_FALSE(comparisons[0].separated);
}

TEST(Comparisons, AreMadeOfNoInvalidCell) {
    EXPECT_THAT(compare({trial("sequential", 0, 1), invalid(trial("coroutine:loops=2", 0, 50))}), IsEmpty());
    EXPECT_THAT(compare({invalid(trial("sequential", 0, 1)), trial("coroutine:loops=2", 0, 50)}), IsEmpty());
}

TEST(Comparisons, AreMadeAtTheSameConcurrencyAlone) {
    const auto comparisons =
        compare({trial("sequential", 0, 10, 16), trial("coroutine:loops=2", 0, 20, 16),
                 trial("sequential", 0, 100, 64), trial("coroutine:loops=2", 0, 500, 64)},
                {16, 64});
    ASSERT_THAT(comparisons, SizeIs(2));
    EXPECT_EQ(comparisons[0].concurrency, 16U);
    EXPECT_DOUBLE_EQ(comparisons[0].ratio.value, 2);
    EXPECT_EQ(comparisons[1].concurrency, 64U);
    EXPECT_DOUBLE_EQ(comparisons[1].ratio.value, 5);
}

TEST(Comparisons, NeedTheMetricOnBothSides) {
    TrialResult base = trial("sequential", 0, 0);  // no ratio to nothing
    TrialResult head = trial("coroutine:loops=2", 0, 50);
    head.metrics["cpu_us_per_request"] = {3, {}};
    EXPECT_THAT(compare({base, head}), IsEmpty());
}

}  // namespace
}  // namespace asyncbench
