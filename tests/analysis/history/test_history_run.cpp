#include "analysis/history/history_run.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

namespace asyncbench::history_run_tests {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

Cell cell(const std::string& strategy, std::uint32_t concurrency) {
    Cell cell;
    cell.strategy = StrategySpec::parse(strategy);
    cell.concurrency = concurrency;
    cell.trials = cell.used_trials = 5;
    cell.metrics = {{"service_p50_ns", {20e6, 19e6, 21e6, 0.9375}}, {"throughput_rps", {50, 49, 51, 0.9375}}};
    return cell;
}

RunResult result() {
    RunResult run;
    run.tool_version = "1.2.3";
    run.started_utc = "2026-03-01T12:00:00Z";
    run.environment.facts = {{"kernel", "6.1", ""}};
    run.scenario.strategies = {StrategySpec::parse("thread-pool:threads=4")};
    run.scenario.concurrency = {64};
    run.summary = {cell("thread-pool:threads=4", 64), cell("coroutine", 64)};
    return run;
}

HistoryRun kept(const RunResult& run) {
    return history_run(run, "abc", "2026-03-02T12:00:00Z");
}

TEST(HistoryRun, KeepsTheMediansOfEachCell) {
    const HistoryRun run = kept(result());
    ASSERT_THAT(run.values, SizeIs(4));
    EXPECT_EQ(run.values[0],
              (HistoryValue{"thread-pool:threads=4", 64, "service_p50_ns", {20e6, 19e6, 21e6, 0.9375}}));
    EXPECT_EQ(run.values[0].subject(), "thread-pool:threads=4 at 64");
    EXPECT_EQ(run.time_utc, "2026-03-02T12:00:00Z");
    EXPECT_EQ(run.commit, "abc");
    EXPECT_EQ(run.tool_version, "1.2.3");
    EXPECT_EQ(run.environment, result().environment);
}

TEST(HistoryRun, LeavesOutCellsThatAreWrong) {
    RunResult run = result();
    run.summary[0].used_trials = 4;
    EXPECT_THAT(kept(run).values, SizeIs(2));
}

TEST(HistoryRun, IsOfTheSameWorkWhateverIsComparedHowOften) {
    RunResult other = result();
    other.scenario.name = "another";
    other.scenario.question = "why?";
    other.scenario.strategies.push_back(StrategySpec::parse("callback"));
    other.scenario.concurrency = {1, 2};
    other.scenario.repetitions = 9;
    EXPECT_EQ(kept(other).work, kept(result()).work);
    EXPECT_THAT(kept(other).work, AllOf(HasSubstr("latency"), Not(HasSubstr("callback"))));
}

TEST(HistoryRun, IsOfOtherWorkWhereTheLoadDiffers) {
    RunResult other = result();
    other.scenario.profile.payload_bytes += 1;
    EXPECT_NE(kept(other).work, kept(result()).work);
}

TEST(HistoryRun, IsOfTheSameWorkWhateverRateASearchFound) {
    RunResult one = result();
    one.scenario.plan.kind = PlanKind::open;
    one.scenario.plan.rate_rps = 500;
    RunResult other = one;
    other.scenario.plan.rate_rps = 600;
    EXPECT_NE(kept(other).work, kept(one).work);
    one.search.emplace();
    other.search.emplace();
    EXPECT_EQ(kept(other).work, kept(one).work);
}

TEST(HistoryRun, IsTheSameMeasurementWhateverItsLabels) {
    EXPECT_EQ(kept(result()).identity, history_run(result(), "", "2020-01-01T00:00:00Z").identity);
}

TEST(HistoryRun, IsAnotherMeasurementWhereAnythingWasMeasuredOtherwise) {
    const std::string identity = kept(result()).identity;
    RunResult later = result();
    later.started_utc = "2026-03-01T12:00:01Z";
    EXPECT_NE(kept(later).identity, identity);
    RunResult other = result();
    other.summary[1].metrics["throughput_rps"].high += 1e-9;
    EXPECT_NE(kept(other).identity, identity);
    RunResult heavier = result();
    heavier.scenario.profile.payload_bytes += 1;
    EXPECT_NE(kept(heavier).identity, identity);
}

TEST(UtcTime, TakesWhatGitAndAsyncbenchWrite) {
    EXPECT_EQ(utc_time("2026-11-24T01:44:20Z"), "2026-11-24T01:44:20Z");
    EXPECT_EQ(utc_time("2026-11-24T01:44:20+05:30"), "2026-11-23T20:14:20Z");
    EXPECT_EQ(utc_time("2026-12-31T23:59:59-01:00"), "2027-01-01T00:59:59Z");
    EXPECT_EQ(utc_time("2028-02-29T00:00:00Z"), "2028-02-29T00:00:00Z");
}

TEST(UtcTime, RefusesWhatIsNoTime) {
    for (const char* text : {"", "yesterday", "2026-11-24", "2026-11-24 01:44:20Z", "2026-11-24T01:44:20",
                             "2026-11-24T01:44:20.5Z", "2026-02-29T00:00:00Z", "2026-13-01T00:00:00Z",
                             "2026-11-24T24:00:00Z", "2026-11-24T01:60:00Z", "2026-11-24T01:00:60Z",
                             "2026-11-24T01:44:20ZZ", "2026-11-24T01:44:20*01:00", "2026-11-24T01:44:20+0100",
                             "-026-11-24T01:44:20Z", "2026-11-24T01:44:20+24:00", "2026-11-24T01:44:20+01:60",
                             "0000-01-01T00:00:00+00:01", "9999-12-31T23:59:59-00:01"}) {
        EXPECT_EQ(utc_time(text), std::nullopt) << text;
    }
}

}  // namespace asyncbench::history_run_tests
