#include "analysis/history/history_series.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/analysis/history/sample_history.hpp"

namespace asyncbench::history_series_tests {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

/// A run a day; the throughput falls from day 8 on.
std::vector<HistoryRun> falling_history() {
    std::vector<HistoryRun> runs;
    for (int day = 1; day <= 14; ++day) {
        runs.push_back(sample::history_run(day, (day < 8 ? 5000 : 4000) + day % 3));
    }
    return runs;
}

TEST(HistorySeries, IsOneMetricOfOneSubjectByTime) {
    const auto runs = falling_history();
    const auto all = history_series(runs, {});
    ASSERT_THAT(all, SizeIs(1));
    EXPECT_EQ(all[0].subject, "coroutine at 64");
    EXPECT_EQ(all[0].metric, "throughput_rps");
    EXPECT_EQ(all[0].work, runs[0].work);
    ASSERT_THAT(all[0].points, SizeIs(14));
    EXPECT_EQ(all[0].points[13].run, 13U);
    EXPECT_EQ(all[0].points[13].estimate, runs[13].values[0].estimate);
}

TEST(HistorySeries, ShowsWhereItsLevelChanged) {
    const auto all = history_series(falling_history(), {});
    ASSERT_THAT(all[0].changes, SizeIs(1));
    EXPECT_EQ(all[0].changes[0].index, 7U);
    EXPECT_NEAR(all[0].changes[0].before, 5001, 1);
    EXPECT_NEAR(all[0].changes[0].after, 4001, 1);
}

TEST(HistorySeries, IsMadeOfTheNewestPointsWhereOnlyThoseAreAskedFor) {
    const auto all = history_series(falling_history(), {.last = 5});
    ASSERT_THAT(all[0].points, SizeIs(5));
    EXPECT_EQ(all[0].points[0].run, 9U);
    EXPECT_THAT(all[0].changes, IsEmpty());
    EXPECT_THAT(history_series(falling_history(), {.last = 50})[0].points, SizeIs(14));
}

std::vector<std::string> names(const std::vector<HistorySeries>& all) {
    std::vector<std::string> names;
    for (const HistorySeries& series : all) names.push_back(series.subject + ", " + series.metric);
    return names;
}

std::vector<HistoryRun> two_cells() {
    HistoryRun run = sample::history_run(1, 1);
    run.values.push_back({"coroutine", 64, "service_p50_ns", {}});
    run.values.push_back({"coroutine", 8, "throughput_rps", {}});
    run.values.push_back({"callback", 64, "invented", {}});
    run.values.push_back({"callback", 64, "throughput_rps", {}});
    return {run};
}

TEST(HistorySeries, StandsInTheOrderOfStrategyConcurrencyAndCatalogue) {
    EXPECT_THAT(names(history_series(two_cells(), {})),
                ElementsAre("callback at 64, throughput_rps", "callback at 64, invented",
                            "coroutine at 8, throughput_rps", "coroutine at 64, throughput_rps",
                            "coroutine at 64, service_p50_ns"));
}

TEST(HistorySeries, IsChosenBySubjectStrategyAndMetric) {
    EXPECT_THAT(names(history_series(two_cells(), {.subjects = {"coroutine at 8"}})),
                ElementsAre("coroutine at 8, throughput_rps"));
    EXPECT_THAT(names(history_series(two_cells(), {.subjects = {"callback"}, .metrics = {"throughput_rps"}})),
                ElementsAre("callback at 64, throughput_rps"));
    EXPECT_THAT(names(history_series(two_cells(), {.subjects = {"nothing"}})), IsEmpty());
}

TEST(HistorySeries, HoldsValuesOfOneWorkAlone) {
    std::vector<HistoryRun> runs{sample::history_run(1, 1), sample::history_run(2, 2),
                                 sample::history_run(3, 3)};
    const std::string newest = runs[0].work;
    runs[1].work = "{}";
    const auto all = history_series(runs, {});
    ASSERT_THAT(all, SizeIs(2));
    EXPECT_EQ(all[0].work, "{}");
    EXPECT_THAT(all[0].points, SizeIs(1));
    EXPECT_EQ(all[1].work, newest);  // the newest run's comes last
    EXPECT_THAT(all[1].points, SizeIs(2));
}

TEST(EnvironmentChanges, AreFactsThatBothKnowAndThatDiffer) {
    Environment before;
    before.facts = {{"kernel", "6.1", ""},          {"turbo", std::nullopt, "?"}, {"smt", "on", ""},
                    {"load_average_1m", "0.1", ""}, {"cpu_mhz", "2000", ""},      {"gone", "x", ""}};
    Environment after;
    after.facts = {{"kernel", "6.5", ""},          {"turbo", "off", ""},    {"smt", std::nullopt, "?"},
                   {"load_average_1m", "0.9", ""}, {"cpu_mhz", "2001", ""}, {"new", "x", ""}};
    EXPECT_THAT(environment_changes(before, after), ElementsAre("kernel: 6.1 became 6.5"));
    EXPECT_THAT(environment_changes(after, after), IsEmpty());
}

}  // namespace asyncbench::history_series_tests
