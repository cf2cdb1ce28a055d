#include "analysis/compare/comparison.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "async/errors.hpp"

namespace asyncbench::comparison_tests {

using testing::HasSubstr;

MeasuredCell cell_of(const std::string& name, const std::string& metric, const std::vector<double>& values) {
    MeasuredCell cell;
    cell.name = name;
    for (const double value : values) {
        Trial& trial = cell.measured.emplace_back();
        trial.repetition = cell.trials++;
        trial.metrics[metric] = {value, {}};
    }
    cell.used_trials = cell.trials;
    return cell;
}

MeasuredValues values_of(const std::string& source, std::vector<MeasuredCell> cells) {
    MeasuredValues measured;
    measured.source = source;
    measured.work = "requests 100";
    measured.cells = std::move(cells);
    return measured;
}

ResultsComparison compare(const std::string& metric, const std::vector<double>& base,
                          const std::vector<double>& head) {
    return compare_results(values_of("base", {cell_of("a", metric, base)}),
                           values_of("head", {cell_of("a", metric, head)}));
}

bool warns(const ResultsComparison& comparison, const std::string& code, const std::string& names = "") {
    for (const Warning& warning : comparison.warnings) {
        if (warning.code == code && warning.message.find(names) != std::string::npos) return true;
    }
    return false;
}

TEST(CompareResults, SaysWhatGotWorseByTheMetricsDirection) {
    const std::vector<double> less{100, 101, 102, 103, 104};
    const std::vector<double> more{120, 121, 122, 123, 124};
    EXPECT_EQ(compare("service_p50_ns", less, more).rows.at(0).change, Change::worse);
    EXPECT_EQ(compare("service_p50_ns", more, less).rows.at(0).change, Change::better);
    EXPECT_EQ(compare("throughput_rps", less, more).rows.at(0).change, Change::better);
    EXPECT_EQ(compare("throughput_rps", more, less).rows.at(0).change, Change::worse);
    EXPECT_EQ(compare("requests", less, more).rows.at(0).change, Change::changed);
}

TEST(CompareResults, GivesTheRatioWithItsIntervalAndBothMedians) {
    const ComparedMetric row =
        compare("service_p50_ns", {100, 100.1, 100.2, 100.3, 100.4}, {120, 120.1, 120.2, 120.3, 120.4})
            .rows.at(0);
    EXPECT_NEAR(row.ratio.value, 1.2, 1e-3);
    EXPECT_GT(row.ratio.low, 1.19);
    EXPECT_LT(row.ratio.high, 1.21);
    EXPECT_GE(row.ratio.confidence, 0.95);
    EXPECT_EQ(row.base.value, 100.2);
    EXPECT_EQ(row.head.value, 120.2);
    EXPECT_NEAR(row.p_value, 2.0 / 252, 1e-12) << "the smallest of 5 and 5 values: 2 / C(10, 5)";
    EXPECT_FALSE(row.paired);
}

TEST(CompareResults, ShowsNoDifferenceWhereTheIntervalHoldsOne) {
    const ComparedMetric row =
        compare("service_p50_ns", {100, 110, 90, 105, 95, 100}, {101, 111, 91, 104, 94, 99}).rows.at(0);
    EXPECT_EQ(row.change, Change::none_shown);
    EXPECT_GT(row.noise_floor, 0.05);
    EXPECT_LT(row.noise_floor, 0.2);
}

TEST(CompareResults, TheNoiseFloorIsHowFarTheIntervalReaches) {
    const ComparedMetric row =
        compare("service_p50_ns", {100, 110, 90, 105, 95, 100}, {101, 111, 91, 104, 94, 99}).rows.at(0);
    const double reach = std::max(row.ratio.high / row.ratio.value, row.ratio.value / row.ratio.low);
    EXPECT_DOUBLE_EQ(row.noise_floor, reach - 1);
}

TEST(CompareResults, ThreeAndThreeValuesAreTooFewAndFourAndFourAreNot) {
    EXPECT_EQ(compare("service_p50_ns", {1, 2, 3}, {10, 11, 12}).rows.at(0).change, Change::too_few);
    EXPECT_EQ(compare("service_p50_ns", {1, 2, 3, 4}, {10, 11, 12, 13}).rows.at(0).change, Change::worse);
}

TEST(CompareResults, NothingIsShownToBeWorseByABound) {
    const auto change = [](const std::string& metric, bool base_is_limited, bool head_is_limited) {
        MeasuredCell fast = cell_of("a", metric, {120, 121, 122, 123, 124});
        MeasuredCell slow = cell_of("a", metric, {100, 101, 102, 103, 104});
        if (metric != "throughput_rps") std::swap(fast.measured, slow.measured);
        fast.limited_trials = base_is_limited ? fast.trials : 0;
        slow.limited_trials = head_is_limited ? slow.trials : 0;
        slow.warnings = {{"target-saturated", "The target was full.", WarningKind::limited}};
        const ResultsComparison comparison =
            compare_results(values_of("base", {fast}), values_of("head", {slow}));
        EXPECT_EQ(warns(comparison, "limited", "a of head was limited"), head_is_limited);
        return comparison.rows.at(0).change;
    };
    for (const char* metric : {"throughput_rps", "service_p50_ns"}) {
        EXPECT_EQ(change(metric, false, false), Change::worse) << metric;
        EXPECT_EQ(change(metric, true, false), Change::worse) << metric << ": base is at least so fast";
        EXPECT_EQ(change(metric, false, true), Change::limited) << metric;
    }
    EXPECT_EQ(change("cpu_us_per_request", false, true), Change::worse) << "the limit says nothing of it";
}

TEST(CompareResults, CountsOfZeroHaveNoRatioAndAreStillTold) {
    const ComparedMetric same = compare("errors", {0, 0, 0, 0}, {0, 0, 0, 0}).rows.at(0);
    EXPECT_TRUE(std::isnan(same.ratio.value));
    EXPECT_EQ(same.change, Change::none_shown);
    const ComparedMetric more = compare("errors", {0, 0, 0, 0, 0}, {3, 4, 5, 6, 7}).rows.at(0);
    EXPECT_TRUE(std::isnan(more.ratio.value));
    EXPECT_EQ(more.change, Change::worse);
}

TEST(CompareResults, ListsWhatOnlyOneSideHas) {
    const auto values = std::vector<double>{1, 2, 3, 4};
    const ResultsComparison comparison =
        compare_results(values_of("base", {cell_of("a", "errors", values), cell_of("b", "errors", values)}),
                        values_of("head", {cell_of("b", "errors", values), cell_of("c", "errors", values)}));
    EXPECT_EQ(comparison.only_in_base, std::vector<std::string>{"a"});
    EXPECT_EQ(comparison.only_in_head, std::vector<std::string>{"c"});
    ASSERT_EQ(comparison.rows.size(), 1U);
    EXPECT_EQ(comparison.rows[0].subject, "b");
}

TEST(CompareResults, RefusesDifferentWork) {
    const MeasuredValues base = values_of("base.json", {});
    MeasuredValues head = values_of("head.json", {});
    head.work = "requests 200";
    try {
        compare_results(base, head);
        FAIL() << "accepted";
    } catch (const Error& error) {
        EXPECT_THAT(error.what(), HasSubstr("base.json and head.json did different work"));
        EXPECT_THAT(error.what(), HasSubstr("requests 100; and requests 200"));
    }
}

TEST(CompareResults, NamesEnvironmentsThatDiffer) {
    MeasuredValues base = values_of("base", {});
    MeasuredValues head = values_of("head", {});
    base.environment.facts = {{"kernel", "Linux 6.1", ""}, {"load_average_1m", "0.1", ""}};
    head.environment.facts = {{"kernel", "Linux 6.6", ""}, {"load_average_1m", "9.9", ""}};
    const ResultsComparison comparison = compare_results(base, head);
    EXPECT_TRUE(warns(comparison, "different-environments", "kernel (Linux 6.1 and Linux 6.6)."));
    EXPECT_FALSE(warns(comparison, "different-environments", "load_average"));
    head.environment.facts.push_back({"cpu_model", "A", ""});
    base.environment.facts.push_back({"cpu_model", "B", ""});
    EXPECT_TRUE(warns(compare_results(base, head), "different-machines", "cpu_model (B and A)"));
}

TEST(CompareResults, AlwaysSaysThatTwoRunsAreTwoMoments) {
    EXPECT_TRUE(warns(compare_results(values_of("a", {}), values_of("b", {})), "two-runs"));
}

TEST(CompareResults, LeavesOutWhatIsWrongAndSaysWhy) {
    MeasuredCell spoiled = cell_of("a", "errors", {1, 2, 3, 4});
    spoiled.warnings = {{"work-mismatch", "It was other work.", WarningKind::wrong}};
    const ResultsComparison comparison = compare_results(
        values_of("base", {cell_of("a", "errors", {1, 2, 3, 4})}), values_of("head", {spoiled}));
    EXPECT_TRUE(comparison.rows.empty());
    EXPECT_TRUE(warns(comparison, "wrong", "a of head is wrong and not compared: It was other work."));
}

TEST(CompareResults, LeavesOutWhatIsUnavailableAndSaysWhy) {
    MeasuredCell without = cell_of("a", "errors", {});
    without.warnings = Trial::of_unavailable("There is no client on a loop.").warnings;
    without.measured = {Trial::of_unavailable("There is no client on a loop.")};
    without.trials = 1;
    const ResultsComparison comparison = compare_results(
        values_of("base", {cell_of("a", "errors", {1, 2, 3, 4})}), values_of("head", {without}));
    EXPECT_TRUE(comparison.rows.empty());
    EXPECT_TRUE(warns(comparison, "unavailable",
                      "a of head is unavailable and not compared: There is no client on a loop."));
    EXPECT_FALSE(warns(comparison, "wrong"));
    EXPECT_FALSE(warns(comparison, "trials-lost"));
}

TEST(CompareResults, SaysOnceWhatBothFilesSay) {
    MeasuredValues base = values_of("base", {cell_of("a", "time", {1, 2, 3})});
    base.warnings = {{"debug-build", "The library was a debug build.", WarningKind::note}};
    MeasuredValues head = base;
    head.warnings.push_back({"debug-build", "Another sentence.", WarningKind::note});
    const auto& warnings = compare_results(base, head).warnings;
    EXPECT_EQ(std::count(warnings.begin(), warnings.end(), base.warnings[0]), 1);
    EXPECT_EQ(std::count(warnings.begin(), warnings.end(), head.warnings[1]), 1);
}

MeasuredCell cell(const std::string& strategy, std::uint32_t concurrency, const std::vector<double>& values) {
    MeasuredCell cell = cell_of(strategy + " at " + std::to_string(concurrency), "service_p50_ns", values);
    cell.strategy = StrategySpec::parse(strategy);
    cell.concurrency = concurrency;
    return cell;
}

TEST(CompareStrategies, TakesTheMedianOfRatiosAsARunDoes) {
    const ResultsComparison comparison = compare_strategies(
        values_of("run", {cell("old", 8, {100, 100}), cell("new", 8, {110, 220})}), "old", "new");
    ASSERT_EQ(comparison.rows.size(), 1U);
    // The mean of 1.1 and 2.2; the median of their logarithms would be that of 1.56.
    EXPECT_NEAR(comparison.rows[0].ratio.value, 1.65, 1e-12);
}

TEST(CompareStrategies, PairsByBlockSoThatADriftCancelsOut) {
    const MeasuredValues run = values_of(
        "run", {cell("old", 8, {100, 150, 200, 250, 300}), cell("new", 8, {110, 165, 220, 275, 330})});
    const ResultsComparison comparison = compare_strategies(run, "old", "new");
    ASSERT_EQ(comparison.rows.size(), 1U);
    const ComparedMetric& row = comparison.rows[0];
    EXPECT_EQ(row.subject, "at 8");
    EXPECT_TRUE(row.paired);
    EXPECT_NEAR(row.ratio.low, 1.1, 1e-9);
    EXPECT_NEAR(row.ratio.high, 1.1, 1e-9);
    EXPECT_EQ(row.change, Change::worse);
    EXPECT_DOUBLE_EQ(row.p_value, 2.0 / 32);
}

TEST(CompareStrategies, UsesTheBlocksThatBothHave) {
    MeasuredValues run = values_of(
        "run", {cell("old", 8, {100, 999, 200, 250, 300, 350}), cell("new", 8, {110, 220, 275, 330, 385})});
    for (Trial& trial : run.cells[1].measured)
        if (trial.repetition > 0) ++trial.repetition;
    const ComparedMetric row = compare_strategies(run, "old", "new").rows.at(0);
    EXPECT_EQ(row.base_count, 5U);
    EXPECT_NEAR(row.ratio.high, 1.1, 1e-9);
}

TEST(CompareStrategies, FourBlocksAreTooFew) {
    const MeasuredValues run =
        values_of("run", {cell("old", 8, {100, 150, 200, 250}), cell("new", 8, {110, 165, 220, 275})});
    EXPECT_EQ(compare_strategies(run, "old", "new").rows.at(0).change, Change::too_few);
}

TEST(CompareStrategies, FollowsTheRunWhereItJudgedAllItsQuestionsTogether) {
    MeasuredValues run = values_of("run", {cell("callback", 8, {100, 150, 200, 250, 300}),
                                           cell("coroutine", 8, {110, 165, 220, 275, 330})});
    run.ranking.emplace();
    run.ranking->concurrency = 8;
    Order& order = run.ranking->orders.emplace_back();
    order.base = StrategySpec::parse("coroutine");
    order.head = StrategySpec::parse("callback");
    order.metric = "service_p50_ns";
    const auto change = [&] { return compare_strategies(run, "callback", "coroutine").rows.at(0).change; };
    EXPECT_EQ(change(), Change::none_shown) << "open";
    order.verdict = OrderVerdict::head_better;
    EXPECT_EQ(change(), Change::worse);
    order.verdict = OrderVerdict::base_better;
    EXPECT_EQ(change(), Change::better);
    run.ranking->concurrency = 16;
    EXPECT_EQ(change(), Change::worse) << "by its own interval";
}

TEST(CompareStrategies, ComparesAtTheSameConcurrencyAndListsTheRest) {
    const MeasuredValues run = values_of("run", {cell("old", 8, {1, 2}), cell("new", 8, {1, 2}),
                                                 cell("old", 16, {1, 2}), cell("new", 32, {1, 2})});
    const ResultsComparison comparison = compare_strategies(run, "old", "new");
    EXPECT_EQ(comparison.rows.size(), 1U);
    EXPECT_EQ(comparison.only_in_base, std::vector<std::string>{"old at 16"});
    EXPECT_EQ(comparison.only_in_head, std::vector<std::string>{"new at 32"});
}

}  // namespace asyncbench::comparison_tests
