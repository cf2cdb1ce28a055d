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
        TrialResult trial;
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

const MetricValues* find(const MeasuredSubject& subject, std::string_view metric) {
    const auto found = std::find_if(subject.metrics.begin(), subject.metrics.end(),
                                    [&](const MetricValues& each) { return each.metric == metric; });
    return found == subject.metrics.end() ? nullptr : &*found;
}

TEST(MeasuredValues, AreThoseOfTheUsedTrialsWithTheirBlocks) {
    RunResult run = run_of({10, 20, 30, 40, 50, 60, 70, 80, 90, 100});
    run.trials[1].failure = "it died";
    run.summary = summarize(run.scenario, run.trials);
    const MeasuredValues measured = measured_values(run, "a.json");
    ASSERT_EQ(measured.subjects.size(), 1U);
    EXPECT_EQ(measured.source, "a.json");
    EXPECT_EQ(measured.subjects[0].name, "coroutine at 8");
    EXPECT_TRUE(measured.subjects[0].usable);
    const MetricValues* throughput = find(measured.subjects[0], "throughput_rps");
    ASSERT_NE(throughput, nullptr);
    EXPECT_EQ(throughput->values, (std::vector<double>{10, 30, 40, 50, 60, 70, 80, 90, 100}));
    EXPECT_EQ(throughput->repetitions, (std::vector<std::uint32_t>{0, 2, 3, 4, 5, 6, 7, 8, 9}));
    EXPECT_EQ(throughput->better, Better::higher);
}

TEST(MeasuredValues, SayWhyAMetricHasNone) {
    RunResult run = run_of({10, 20});
    run.summary = summarize(run.scenario, run.trials);
    const MeasuredValues measured = measured_values(run, "a.json");
    const MetricValues* instructions = find(measured.subjects.at(0), "instructions_per_request");
    ASSERT_NE(instructions, nullptr);
    EXPECT_TRUE(instructions->values.empty());
    EXPECT_EQ(instructions->unknown, "no counters here");
}

/// Two trials, both with this finding.
MeasuredSubject with_finding(WarningKind kind) {
    RunResult run = run_of({10, 20});
    for (TrialResult& trial : run.trials) trial.warnings.push_back({"some-finding", "So it was.", kind});
    run.summary = summarize(run.scenario, run.trials);
    return measured_values(run, "a.json").subjects.at(0);
}

TEST(MeasuredValues, AWrongCellIsSaidToBeOneAndHasNoValues) {
    EXPECT_FALSE(with_finding(WarningKind::wrong).usable);
    EXPECT_EQ(find(with_finding(WarningKind::wrong), "throughput_rps"), nullptr);
}

TEST(MeasuredValues, OfALimitedCellAreBounds) {
    const MeasuredSubject limited = with_finding(WarningKind::limited);
    EXPECT_TRUE(limited.usable);
    EXPECT_TRUE(limited.limited);
    EXPECT_EQ(find(limited, "throughput_rps")->values.size(), 2U);
}

TEST(MeasuredValues, OfADisturbedCellStand) {
    const MeasuredSubject disturbed = with_finding(WarningKind::disturbed);
    EXPECT_TRUE(disturbed.usable);
    EXPECT_FALSE(disturbed.limited);
    EXPECT_EQ(find(disturbed, "throughput_rps")->values.size(), 2U);
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

}  // namespace asyncbench::measured_values_tests
