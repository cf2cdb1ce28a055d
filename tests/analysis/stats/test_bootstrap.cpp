#include "analysis/stats/bootstrap.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <numeric>
#include <random>
#include <set>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include "tests/analysis/stats/reference.hpp"

namespace asyncbench::bootstrap_tests {

using Values = std::vector<double>;

double mean(std::span<const double> values) {
    return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

double variance(std::span<const double> values) {
    const double centre = mean(values);
    double sum = 0;
    for (const double value : values) sum += (value - centre) * (value - centre);
    return sum / static_cast<double>(values.size());
}

TEST(Bootstrap, HasTheIntervalsOfR) {
    for (const auto& row : reference::answers_of_r("bootstrap")) {
        const Values values = reference::numbers(row.at("values"));
        const Statistic statistic = row.at("statistic") == "mean" ? mean : variance;
        const Estimate interval = bootstrap_interval(values, statistic, {row.at("confidence"), 50'000, 3});
        const double low = row.at("low");
        const double high = row.at("high");
        // Both are simulations: some standard errors of their ends.
        const double tolerance = 0.015 * (high - low);
        EXPECT_NEAR(interval.value, row.at("value").get<double>(), 1e-9);
        EXPECT_NEAR(interval.low, low, tolerance) << row.at("statistic");
        EXPECT_NEAR(interval.high, high, tolerance) << row.at("statistic");
    }
}

TEST(Bootstrap, HasTheIntervalOfATextbook) {
    // Efron and Tibshirani, "An Introduction to the Bootstrap" (1993), tables 14.1 and 14.2: variance 171.5,
    // BCa 115.8 to 259.6 with 2000 resamples.
    const Values spatial{48, 36, 20, 29, 42, 42, 20, 42, 22, 41, 45, 14, 6,
                         0,  33, 28, 34, 4,  32, 24, 47, 41, 24, 26, 30, 41};
    const Estimate interval = bootstrap_interval(spatial, variance, {0.9, 20'000, 1});
    EXPECT_NEAR(interval.value, 171.5, 0.05);
    EXPECT_NEAR(interval.low, 115.8, 3);
    EXPECT_NEAR(interval.high, 259.6, 6);
    EXPECT_EQ(interval.confidence, 0.9);
}

TEST(Bootstrap, GivesTheSameIntervalForTheSameSeed) {
    const Values values{4, 8, 15, 16, 23, 42};
    EXPECT_EQ(bootstrap_interval(values, mean), bootstrap_interval(values, mean));
    EXPECT_NE(bootstrap_interval(values, mean, {0.95, 2000, 1}),
              bootstrap_interval(values, mean, {0.95, 2000, 2}));
}

TEST(Bootstrap, GoesWithTheScaleOfTheValues) {
    const Values values{4, 8, 15, 16, 23, 90};
    Values tiny = values;
    for (double& value : tiny) value /= 1024;
    const Estimate interval = bootstrap_interval(values, mean);
    EXPECT_DOUBLE_EQ(bootstrap_interval(tiny, mean).low, interval.low / 1024);
    EXPECT_DOUBLE_EQ(bootstrap_interval(tiny, mean).high, interval.high / 1024);
}

TEST(Bootstrap, OfEqualValuesIsThatValue) {
    const Estimate interval = bootstrap_interval(Values(5, 7.5), mean);
    EXPECT_EQ(interval, (Estimate{7.5, 7.5, 7.5, 0.95}));
}

TEST(Bootstrap, OfOneValueHasNoConfidence) {
    EXPECT_EQ(bootstrap_interval(Values{7.5}, mean), (Estimate{7.5, 7.5, 7.5, 0}));
}

TEST(Bootstrap, StaysWithinTheResamplesWhereAllLieOnOneSide) {
    const Statistic largest = [](std::span<const double> values) {
        return *std::max_element(values.begin(), values.end());
    };
    const Estimate interval = bootstrap_interval(Values{1, 2, 3, 4, 100}, largest);
    EXPECT_EQ(interval.high, 100);
    EXPECT_GE(interval.low, 1);
}

TEST(Bootstrap, StaysFiniteWhereNoResampleReachesTheStatistic) {
    const auto distinct = [](std::span<const double> values) {
        return static_cast<double>(std::set<double>(values.begin(), values.end()).size());
    };
    Values values(30);
    std::iota(values.begin(), values.end(), 1.0);
    const Estimate fewer = bootstrap_interval(values, distinct);
    EXPECT_EQ(fewer.value, 30);
    EXPECT_LT(fewer.high, 30);
    EXPECT_GE(fewer.low, 1);
    const Estimate more =
        bootstrap_interval(values, [&](std::span<const double> resample) { return -distinct(resample); });
    EXPECT_EQ(more.value, -30);
    EXPECT_GT(more.low, -30);
}

TEST(Bootstrap, EndsAtTheLastResampleWhereTheCorrectionHasItsPole) {
    // One value of a hundred makes the acceleration 0.165, whose pole lies at 6.06 standard deviations.
    const BootstrapOptions nearly_certain{1 - 1e-10, 2000, 1};
    Values values(100, 0);
    values[0] = 1000;
    const Estimate above = bootstrap_interval(values, mean, nearly_certain);
    EXPECT_GE(above.high, 40);
    EXPECT_LT(above.low, above.value);
    values[0] = -1000;
    const Estimate below = bootstrap_interval(values, mean, nearly_certain);
    EXPECT_LE(below.low, -40);
    EXPECT_GT(below.high, below.value);
}

TEST(Bootstrap, CoversAMeanNearlyAsOftenAsItSays) {
    std::mt19937_64 random(9);
    std::exponential_distribution<double> skewed;
    constexpr int runs = 500;
    int covered = 0;
    for (int run = 0; run < runs; ++run) {
        Values values(40);
        for (double& value : values) value = skewed(random);
        const Estimate interval = bootstrap_interval(values, mean, {0.9, 500, 1});
        if (interval.low <= 1 && 1 <= interval.high) ++covered;
    }
    EXPECT_GE(covered, 0.84 * runs);
    EXPECT_LE(covered, 0.95 * runs);
}

TEST(Bootstrap, RefusesWhatItCannotResample) {
    EXPECT_THROW(bootstrap_interval({}, mean), std::invalid_argument);
    EXPECT_THROW(bootstrap_interval(Values{1, std::nan("")}, mean), std::invalid_argument);
    EXPECT_THROW(bootstrap_interval(Values{1, 2}, mean, {1, 100, 1}), std::invalid_argument);
    EXPECT_THROW(bootstrap_interval(Values{1, 2}, mean, {0.9, 0, 1}), std::invalid_argument);
    const Statistic none = [](std::span<const double>) { return std::nan(""); };
    EXPECT_THROW(bootstrap_interval(Values{1, 2}, none), std::invalid_argument);
    const Statistic only_sometimes = [](std::span<const double> values) {
        return std::ranges::equal(values, Values{1, 2}) ? values[0] : std::nan("");
    };
    EXPECT_THROW(bootstrap_interval(Values{1, 2}, only_sometimes), std::invalid_argument);
    const Statistic nearly_always = [](std::span<const double> values) {
        return std::ranges::equal(values, Values{1, 2, 3, 4}) ? std::nan("") : values[0];
    };
    EXPECT_THROW(bootstrap_interval(Values{1, 2, 3, 4}, nearly_always, {0.9, 1, 1}), std::invalid_argument);
}

}  // namespace asyncbench::bootstrap_tests
