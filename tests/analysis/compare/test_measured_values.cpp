#include "analysis/compare/measured_values.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "analysis/summary.hpp"

namespace asyncbench::measured_values_tests {

using testing::HasSubstr;
using testing::Not;

RunResult run_of(std::vector<double> throughputs) {
    RunResult run;
    run.scenario.strategies = {StrategySpec::parse("coroutine")};
    run.scenario.concurrency = {8};
    for (std::uint32_t i = 0; i < throughputs.size(); ++i) {
        Trial trial;
        trial.spec.strategy = run.scenario.strategies.front();
        trial.spec.plan.concurrency = 8;
        trial.repetition = i;
        trial.client.count = 20;  // fewer in a cell would be wrong
        trial.metrics["throughput_rps"] = {throughputs[i], {}};
        trial.metrics["instructions_per_request"] = MetricValue::unknown("no counters here");
        run.trials.push_back(trial);
    }
    return run;
}

TEST(MeasuredValues, AreThoseOfTheUsedTrialsWithTheirBlocks) {
    RunResult run = run_of({10, 20, 30, 40, 50, 60, 70, 80, 90, 100});
    run.trials[1].failure = "it died";
    run.summary = summarize(run.scenario, run.trials);
    const MeasuredValues measured = measured_values(run, "a.json");
    ASSERT_EQ(measured.cells.size(), 1U);
    EXPECT_EQ(measured.source, "a.json");
    EXPECT_EQ(measured.cells[0].name, "coroutine at 8");
    EXPECT_TRUE(measured.cells[0].usable());
    const CellValues throughput = values_of(measured.cells[0], "throughput_rps");
    EXPECT_EQ(throughput.values, (std::vector<double>{10, 30, 40, 50, 60, 70, 80, 90, 100}));
    EXPECT_EQ(throughput.repetitions, (std::vector<std::uint32_t>{0, 2, 3, 4, 5, 6, 7, 8, 9}));
}

TEST(MeasuredValues, SayWhyAMetricHasNone) {
    RunResult run = run_of({10, 20});
    run.summary = summarize(run.scenario, run.trials);
    const MeasuredValues measured = measured_values(run, "a.json");
    const MeasuredCell& cell = measured.cells.at(0);
    EXPECT_THAT(metrics_of(cell), testing::ElementsAre("throughput_rps", "instructions_per_request"));
    EXPECT_TRUE(values_of(cell, "instructions_per_request").values.empty());
    EXPECT_EQ(cell.measured.at(0).metrics.at("instructions_per_request").reason, "no counters here");
}

/// Two trials, both with this finding.
MeasuredCell with_finding(WarningKind kind) {
    RunResult run = run_of({10, 20});
    for (Trial& trial : run.trials) trial.warnings.push_back({"some-finding", "So it was.", kind});
    run.summary = summarize(run.scenario, run.trials);
    return measured_values(run, "a.json").cells.at(0);
}

TEST(MeasuredValues, AWrongCellIsSaidToBeOneAndHasNoValues) {
    EXPECT_FALSE(with_finding(WarningKind::wrong).usable());
    EXPECT_TRUE(values_of(with_finding(WarningKind::wrong), "throughput_rps").values.empty());
}

TEST(MeasuredValues, OfALimitedCellAreBounds) {
    const MeasuredCell limited = with_finding(WarningKind::limited);
    EXPECT_TRUE(limited.usable());
    EXPECT_TRUE(limited.limited());
    EXPECT_EQ(values_of(limited, "throughput_rps").values.size(), 2U);
}

TEST(MeasuredValues, OfADisturbedCellStand) {
    const MeasuredCell disturbed = with_finding(WarningKind::disturbed);
    EXPECT_TRUE(disturbed.usable());
    EXPECT_FALSE(disturbed.limited());
    EXPECT_EQ(values_of(disturbed, "throughput_rps").values.size(), 2U);
}

TEST(WorkOf, NamesTheLoadAndNotWhatMeasuresIt) {
    Scenario scenario;
    scenario.plan.kind = PlanKind::batch;
    scenario.plan.requests = 2000;
    const std::string work = work_of(scenario);
    EXPECT_THAT(work, testing::StartsWith("plan batch, requests 2000, latency "));
    EXPECT_THAT(work, HasSubstr("seed 1"));
    scenario.name = "other";
    scenario.repetitions = 99;
    scenario.budget = std::chrono::hours{3};
    scenario.one_in_flight = {"sequential"};
    scenario.strategies = {StrategySpec::parse("callback")};
    EXPECT_EQ(work_of(scenario), work);
    scenario.seed = 2;
    EXPECT_NE(work_of(scenario), work);
}

Scenario load_of(const char* url) {
    Scenario scenario;
    scenario.target = SecretText::url(url);
    scenario.plan.kind = PlanKind::open;
    scenario.plan.rate_rps = 500;
    scenario.load.emplace();
    return scenario;
}

TEST(WorkOf, OfALoadIsWhatTheServerIsAskedFor) {
    const std::string work = work_of(load_of("http://old.invalid:8001/items?page=1"));
    EXPECT_EQ(work_of(load_of("https://new.invalid/items?page=1")), work);
    EXPECT_NE(work_of(load_of("http://old.invalid:8001/items?page=2")), work);
    Scenario judged = load_of("http://old.invalid:8001/items?page=1");
    judged.thresholds = {Threshold::parse("p99<1s")};
    EXPECT_EQ(work_of(judged), work);
    judged.plan.rate_rps = 600;
    EXPECT_NE(work_of(judged), work);
}

TEST(WorkOf, OfASearchIsItsGoalAndNotTheRateThatItFound) {
    Scenario one = load_of("http://old.invalid/");
    one.goals = {Threshold::parse("p99<50ms")};
    Scenario other = one;
    other.plan.rate_rps = 900;
    EXPECT_EQ(work_of(other), work_of(one));
    other.goals = {Threshold::parse("p99<60ms")};
    EXPECT_NE(work_of(other), work_of(one));
}

TEST(MeasuredValues, OfASearchSayAtWhichRateTheyWereMeasured) {
    RunResult run;
    run.scenario = load_of("http://old.invalid/");
    run.search.emplace().highest_held = 1450;
    EXPECT_THAT(measured_values(run, "a.json").warnings.front().message,
                HasSubstr("a.json was measured at 1450 requests a second"));
    run.search->highest_held.reset();
    EXPECT_EQ(measured_values(run, "a.json").warnings.front().message, "a.json found no rate that holds.");
}

}  // namespace asyncbench::measured_values_tests
