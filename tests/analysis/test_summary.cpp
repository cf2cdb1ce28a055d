#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <vector>

#include "analysis/summary.hpp"

namespace asyncbench::summary_tests {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

Scenario two_strategies(std::vector<std::uint32_t> concurrency = {16}) {
    Scenario scenario;
    scenario.strategies = {StrategySpec::parse("sequential"), StrategySpec::parse("coroutine:loops=2")};
    scenario.concurrency = std::move(concurrency);
    return scenario;
}

/// A usable trial with one metric.
Trial trial(const char* strategy, std::uint32_t repetition, double throughput,
            std::uint32_t concurrency = 16) {
    Trial result;
    result.spec.strategy = StrategySpec::parse(strategy);
    result.spec.plan.concurrency = concurrency;
    result.repetition = repetition;
    result.metrics["throughput_rps"] = {throughput, {}};
    result.service_time_ns.record(1000 + repetition);
    for (std::uint64_t id = 0; id < least_answers_in_cell; ++id) result.client.add(id);
    return result;
}

Trial with_finding(Trial result, WarningKind kind, const char* code = "some-finding") {
    result.warnings.push_back({code, "So it was.", kind});
    return result;
}

Trial wrong(Trial result, const char* code = "elapsed-impossible") {
    return with_finding(std::move(result), WarningKind::wrong, code);
}

/// So many trials of `sequential`, the first of which are these.
std::vector<Trial> trials_with(std::vector<Trial> first, std::uint32_t count) {
    for (auto i = static_cast<std::uint32_t>(first.size()); i < count; ++i)
        first.push_back(trial("sequential", i, 102));
    return first;
}

Trial failed(const Trial& measured) {
    Trial result;
    result.spec = measured.spec;
    result.repetition = measured.repetition;
    result.failure = "It died.";
    return result;
}

TEST(Summary, HasACellForEachStrategyAndConcurrencyInTheScenariosOrder) {
    const std::vector<Trial> trials{trial("coroutine:loops=2", 0, 1, 64), trial("sequential", 0, 2, 64),
                                    trial("coroutine:loops=2", 0, 3, 16), trial("sequential", 0, 4, 16)};
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
    std::vector<Trial> trials;
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

Cell cell_of(const std::vector<Trial>& trials) {
    return summarize(two_strategies(), trials).at(0);
}

TEST(Summary, LeavesWrongAndLostTrialsOut) {
    const Cell cell =
        cell_of(trials_with({wrong(trial("sequential", 0, 900)), failed(trial("sequential", 1, 0))}, 7));
    EXPECT_EQ(cell.trials, 7U);
    EXPECT_EQ(cell.used_trials, 5U);
    EXPECT_EQ(cell.metrics.at("throughput_rps").value, 102);
    EXPECT_EQ(cell.metrics.at("throughput_rps").high, 102);
    EXPECT_EQ(cell.service_time_ns.count(), 5U);
}

Trial unavailable(const Trial& measured) {
    Trial result = Trial::of_unavailable("There is no client on a loop.");
    result.spec = measured.spec;
    result.repetition = measured.repetition;
    return result;
}

TEST(Summary, OfAStrategyThatTheWorkHasNoClientForIsUnavailableAndNotWrong) {
    RunResult run;
    run.scenario = two_strategies();
    for (std::uint32_t i = 0; i < 2; ++i) {
        run.trials.push_back(unavailable(trial("coroutine:loops=2", i, 0)));
        run.trials.push_back(trial("sequential", i, 102));
    }
    run.summary = summarize(run.scenario, run.trials);
    ASSERT_THAT(run.summary, SizeIs(2));
    const Cell& cell = run.summary[1];
    EXPECT_TRUE(cell.unavailable());
    EXPECT_FALSE(cell.usable());
    ASSERT_THAT(cell.warnings, SizeIs(1));
    EXPECT_EQ(cell.warnings[0].message, "There is no client on a loop.");
    EXPECT_FALSE(run.summary[0].unavailable());
    EXPECT_TRUE(run.usable());

    std::erase_if(run.trials, [](const Trial& each) { return !each.unavailable(); });
    run.summary = summarize(run.scenario, run.trials);
    EXPECT_FALSE(run.usable());
}

TEST(Summary, OfAStrategyThatIsUnavailableOnceAndLostOnceIsWrong) {
    const Cell cell = cell_of({unavailable(trial("sequential", 0, 0)), failed(trial("sequential", 1, 0))});
    EXPECT_FALSE(cell.unavailable());
    EXPECT_FALSE(cell.usable());
}

TEST(Summary, TellsTheStandingOfATrialAndOfItsCellWithTheReason) {
    const Trial good = trial("sequential", 0, 102);
    const Trial busy = with_finding(good, WarningKind::disturbed);
    struct Example {
        Trial trial;
        Standing of_trial;
        Standing of_cell;
        std::string reason;
    };
    const std::vector<Example> examples{
        {good, Standing::ok, Standing::ok, ""},
        {busy, Standing::disturbed, Standing::ok, ""},
        {with_finding(busy, WarningKind::limited, "limit"), Standing::limited, Standing::limited, "limit"},
        {wrong(good, "bad-clock"), Standing::wrong, Standing::wrong, "bad-clock"},
        {failed(good), Standing::lost, Standing::wrong, "trial-failed"},
        {unavailable(good), Standing::unavailable, Standing::unavailable, "unavailable"}};
    for (const Example& example : examples) {
        const Cell cell = cell_of({example.trial});
        EXPECT_EQ(example.trial.standing(), example.of_trial);
        EXPECT_EQ(cell.standing(), example.of_cell);
        EXPECT_EQ(cell.reason() == nullptr ? "" : cell.reason()->code, example.reason);
    }
}

TEST(Summary, KeepsLimitedAndDisturbedTrialsAndCountsThem) {
    const Cell cell = cell_of(trials_with({with_finding(trial("sequential", 0, 102), WarningKind::limited),
                                           with_finding(trial("sequential", 1, 102), WarningKind::disturbed),
                                           with_finding(trial("sequential", 2, 102), WarningKind::disturbed)},
                                          10));
    EXPECT_TRUE(cell.usable());
    EXPECT_EQ(cell.used_trials, 10U);
    EXPECT_EQ(cell.limited_trials, 1U);
    EXPECT_EQ(cell.disturbed_trials, 2U);
    EXPECT_EQ(cell.service_time_ns.count(), 10U);
}

TEST(Summary, ACellIsLimitedFromHalfOfItsTrialsOn) {
    std::vector<Trial> some(4, with_finding(trial("sequential", 0, 102), WarningKind::limited));
    EXPECT_FALSE(cell_of(trials_with(some, 9)).limited());
    EXPECT_TRUE(cell_of(trials_with(some, 8)).limited());
}

TEST(Summary, TellsEachKindOfWarningOnce) {
    const Cell cell = cell_of({wrong(trial("sequential", 0, 1)), wrong(trial("sequential", 1, 1)),
                               failed(trial("sequential", 2, 1)), failed(trial("sequential", 3, 1)),
                               trial("sequential", 4, 1)});
    ASSERT_THAT(cell.warnings, SizeIs(2));
    EXPECT_EQ(cell.warnings[0].code, "elapsed-impossible");
    EXPECT_EQ(cell.warnings[1].code, "trial-failed");
    EXPECT_EQ(cell.warnings[1].message, "It died.");
}

TEST(Summary, ACellIsUsableWithOneInTenTrialsLost) {
    const std::vector<Trial> one{failed(trial("sequential", 0, 1))};
    EXPECT_TRUE(cell_of(trials_with(one, 10)).usable());
    EXPECT_FALSE(cell_of(trials_with(one, 9)).usable());
    EXPECT_TRUE(cell_of(trials_with({wrong(trial("sequential", 0, 1))}, 10)).usable());
    EXPECT_FALSE(cell_of(one).usable());
}

TEST(Summary, OneMismatchOfWorkMakesACellWrong) {
    for (const char* code : {"work-mismatch", "wrong-content"})
        EXPECT_FALSE(cell_of(trials_with({wrong(trial("sequential", 0, 1), code)}, 30)).usable()) << code;
}

/// A trial of which so many requests were answered.
Trial answered(std::uint64_t count, std::uint32_t repetition) {
    Trial result = trial("sequential", repetition, 1);
    result.client = {};
    for (std::uint64_t id = 0; id < count; ++id) result.client.add(id);
    return result;
}

TEST(Summary, ACellNeedsTwentyAnswersInAllItsTrialsTogether) {
    EXPECT_TRUE(cell_of({answered(10, 0), answered(10, 1)}).usable());
    const Cell few = cell_of({answered(10, 0), answered(9, 1)});
    EXPECT_FALSE(few.usable());
    ASSERT_THAT(few.warnings, SizeIs(1));
    EXPECT_EQ(few.warnings[0].code, "too-few-samples");
    EXPECT_EQ(few.warnings[0].kind, WarningKind::wrong);
    EXPECT_THAT(few.warnings[0].message, testing::HasSubstr("Only 19 requests"));
    EXPECT_THAT(cell_of({answered(1, 0)}).warnings.at(0).message, testing::StartsWith("Only 1 request was"));
    EXPECT_THAT(cell_of({answered(0, 0)}).warnings.at(0).message, testing::StartsWith("No request was"));
    EXPECT_FALSE(cell_of({answered(19, 0), wrong(answered(50, 1))}).usable())
        << "wrong trials answer nothing";
}

TEST(Summary, ACellWhoseStrategyTellsWhatBecameOfItsRequestsMayHaveAnsweredFew) {
    Trial told = answered(0, 0);
    told.outcomes = {{"not-sent", 20, "20 of 20 requests were never sent."}};
    EXPECT_TRUE(cell_of({told}).usable());
}

TEST(Summary, ATrialForEveryLevelStandsInTheCellOfEach) {
    Trial once = trial("sequential", 0, 7, 1);
    once.every_level = true;
    const auto cells = summarize(two_strategies({16, 64}), {once, trial("coroutine:loops=2", 0, 700, 16),
                                                            trial("coroutine:loops=2", 0, 900, 64)});
    ASSERT_THAT(cells, SizeIs(4));
    EXPECT_EQ(cells[0].concurrency, 16U);
    EXPECT_EQ(cells[2].concurrency, 64U);
    for (const std::size_t i : {0U, 2U}) {
        EXPECT_TRUE(cells[i].every_level);
        EXPECT_EQ(cells[i].metrics.at("throughput_rps").value, 7);
    }
    EXPECT_FALSE(cells[1].every_level);
    const auto comparisons = compare_with_first(
        cells, {once, trial("coroutine:loops=2", 0, 700, 16), trial("coroutine:loops=2", 0, 900, 64)});
    ASSERT_THAT(comparisons, SizeIs(2));
    EXPECT_DOUBLE_EQ(comparisons[0].ratio.value, 100);
    EXPECT_DOUBLE_EQ(comparisons[1].ratio.value, 900.0 / 7);
}

TEST(Summary, SaysWhyAMetricHasNoEstimate) {
    Trial without = trial("sequential", 0, 1);
    without.metrics["instructions_per_request"] = MetricValue::unknown("no hardware counters");
    const auto cells = summarize(two_strategies(), {without});
    EXPECT_FALSE(cells.at(0).metrics.contains("instructions_per_request"));
    EXPECT_EQ(cells[0].unknown.at("instructions_per_request"), "no hardware counters");
}

TEST(Summary, OfNothingIsEmpty) {
    EXPECT_THAT(summarize(two_strategies(), {}), IsEmpty());
    EXPECT_THAT(compare_with_first({}, {}), IsEmpty());
}

std::vector<Comparison> compare(const std::vector<Trial>& trials,
                                std::vector<std::uint32_t> concurrency = {16}) {
    return compare_with_first(summarize(two_strategies(std::move(concurrency)), trials), trials);
}

TEST(Comparisons, ArePairedByRepetition) {
    // The machine is ten times slower in each next repetition; the ratio is 2 throughout.
    std::vector<Trial> trials;
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

TEST(Comparisons, LeaveOutPairsOfWhichOneIsWrong) {
    std::vector<Trial> trials;
    for (std::uint32_t i = 0; i < 12; ++i) {
        trials.push_back(trial("sequential", i, 100));
        trials.push_back(trial("coroutine:loops=2", i, 200));
    }
    trials[0] = wrong(trial("sequential", 0, 1));
    trials[3] = failed(trials[3]);
    const auto comparisons = compare(trials);
    ASSERT_THAT(comparisons, SizeIs(1));
    EXPECT_DOUBLE_EQ(comparisons[0].ratio.low, 2);
    EXPECT_DOUBLE_EQ(comparisons[0].ratio.high, 2);
}

TEST(Comparisons, KeepPairsThatAreDisturbed) {
    const auto disturbed = [](const char* strategy, double throughput) {
        return with_finding(trial(strategy, 0, throughput), WarningKind::disturbed);
    };
    const auto comparisons = compare({disturbed("sequential", 100), disturbed("coroutine:loops=2", 300)});
    ASSERT_THAT(comparisons, SizeIs(1));
    EXPECT_DOUBLE_EQ(comparisons[0].ratio.value, 3);
}

TEST(Comparisons, ClaimNoDifferenceWhereTheIntervalHoldsOne) {
    std::vector<Trial> trials;
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

TEST(Comparisons, AreMadeOfNoWrongCell) {
    EXPECT_THAT(compare({trial("sequential", 0, 1), wrong(trial("coroutine:loops=2", 0, 50))}), IsEmpty());
    EXPECT_THAT(compare({wrong(trial("sequential", 0, 1)), trial("coroutine:loops=2", 0, 50)}), IsEmpty());
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
    Trial base = trial("sequential", 0, 0);  // no ratio to nothing
    Trial head = trial("coroutine:loops=2", 0, 50);
    head.metrics["cpu_us_per_request"] = {3, {}};
    EXPECT_THAT(compare({base, head}), IsEmpty());
}

}  // namespace asyncbench::summary_tests
