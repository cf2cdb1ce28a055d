#include "analysis/stats/order_statistics.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <limits>
#include <numeric>
#include <random>
#include <stdexcept>
#include <vector>

namespace asyncbench::order_statistics_tests {

using Values = std::vector<double>;

constexpr double infinity = std::numeric_limits<double>::infinity();

/// 1, 2, ..., n: a value is its rank.
Values ranks(std::size_t n) {
    Values values(n);
    std::iota(values.begin(), values.end(), 1.0);
    return values;
}

TEST(Median, IsTheMiddleOfAnOddNumberOfValues) {
    EXPECT_EQ(median(Values{7}), 7);
    EXPECT_EQ(median(Values{9, 1, 5}), 5);
}

TEST(Median, IsTheMeanOfTheTwoInTheMiddleOfAnEvenNumber) {
    EXPECT_EQ(median(Values{4, 1}), 2.5);
    EXPECT_EQ(median(Values{8, 1, 3, 100}), 5.5);
}

TEST(Median, KeepsInfinitiesApartFromNumbers) {
    EXPECT_EQ(median(Values{1, infinity, infinity}), infinity);
    EXPECT_EQ(median(Values{infinity, infinity}), infinity);
    EXPECT_EQ(median(Values{-infinity, 3, infinity}), 3);
}

TEST(Median, RefusesNoValuesAndWhatIsNotANumber) {
    EXPECT_THROW(median({}), std::invalid_argument);
    EXPECT_THROW(median(Values{1, std::nan("")}), std::invalid_argument);
}

TEST(Median, LeavesTheValuesInTheirOrder) {
    const Values values{3, 1, 2};
    median(values);
    EXPECT_EQ(values, (Values{3, 1, 2}));
}

TEST(Quantile, IsThatOfNumPy) {
    // numpy.quantile(values, q), NumPy 1.24.2.
    const Values values{15, 20, 35, 40, 50};
    EXPECT_DOUBLE_EQ(quantile(values, 0), 15);
    EXPECT_DOUBLE_EQ(quantile(values, 0.05), 16);
    EXPECT_DOUBLE_EQ(quantile(values, 0.3), 23);
    EXPECT_DOUBLE_EQ(quantile(values, 0.4), 29);
    EXPECT_DOUBLE_EQ(quantile(values, 0.95), 48);
    EXPECT_DOUBLE_EQ(quantile(values, 1), 50);
}

TEST(Quantile, RefusesSharesOutsideZeroToOne) {
    for (const double q : {-0.001, 1.001, std::nan("")})
        EXPECT_THROW(quantile(Values{1, 2}, q), std::invalid_argument);
}

struct Row {
    std::size_t n;
    double confidence;
    std::size_t rank;
    double coverage;
};

/// K. R. Nair, "Table of confidence interval for the median in samples from any continuous population",
/// Sankhya 4 (1940): the rank from either end, and the real confidence in percent to one decimal.
constexpr Row nair[] = {
    {6, 0.95, 1, 96.9},   {8, 0.99, 1, 99.2},   {9, 0.95, 2, 96.1},   {10, 0.95, 2, 97.9},
    {11, 0.95, 2, 98.8},  {12, 0.95, 3, 96.1},  {15, 0.95, 4, 96.5},  {17, 0.95, 5, 95.1},
    {20, 0.95, 6, 95.9},  {20, 0.99, 4, 99.7},  {25, 0.95, 8, 95.7},  {30, 0.95, 10, 95.7},
    {40, 0.95, 14, 96.2}, {50, 0.95, 18, 96.7}, {50, 0.99, 16, 99.3}, {65, 0.95, 25, 95.4}};

TEST(MedianInterval, HasTheRanksAndTheConfidenceOfNairsTable) {
    for (const auto& row : nair) {
        const Estimate estimate = median_interval(ranks(row.n), row.confidence);
        EXPECT_EQ(estimate.low, static_cast<double>(row.rank)) << row.n;
        EXPECT_EQ(estimate.high, static_cast<double>(row.n + 1 - row.rank)) << row.n;
        // The table cuts 97.85 to 97.9 and 96.475 to 96.5: half a unit of its last digit.
        EXPECT_NEAR(100 * estimate.confidence, row.coverage, 0.0501) << row.n;
    }
}

/// The largest k with 1 - 2 * scipy.stats.binom.cdf(k - 1, n, 0.5) >= confidence, else 1; SciPy 1.10.1.
constexpr Row scipy[] = {{2, 0.95, 1, 0.5},
                         {3, 0.95, 1, 0.75},
                         {4, 0.9, 1, 0.875},
                         {5, 0.95, 1, 0.9375},
                         {5, 0.9, 1, 0.9375},
                         {7, 0.99, 1, 0.984375},
                         {8, 0.9, 2, 0.9296875},
                         {10, 0.95, 2, 0.978515625},
                         {11, 0.9, 3, 0.9345703125},
                         {15, 0.99, 3, 0.99261474609375},
                         {31, 0.9, 11, 0.9292444540187716},
                         {31, 0.95, 10, 0.9705506265163422},
                         {100, 0.95, 40, 0.9647997997822951},
                         {101, 0.9, 42, 0.9272429931224758},
                         {1000, 0.95, 469, 0.9537088026395019},
                         {5000, 0.99, 2409, 0.9903536934752578}};

TEST(MedianInterval, HasTheRanksAndTheConfidenceThatSciPyGives) {
    for (const auto& row : scipy) {
        const Estimate estimate = median_interval(ranks(row.n), row.confidence);
        EXPECT_EQ(estimate.low, static_cast<double>(row.rank)) << row.n;
        EXPECT_EQ(estimate.high, static_cast<double>(row.n + 1 - row.rank)) << row.n;
        EXPECT_NEAR(estimate.confidence, row.coverage, 1e-12) << row.n;
    }
}

TEST(MedianInterval, OfOneValueIsThatValueWithoutConfidence) {
    EXPECT_EQ(median_interval(Values{4.5}, 0.95), (Estimate{4.5, 4.5, 4.5, 0}));
}

TEST(MedianInterval, TakesValuesInAnyOrderAndWithTies) {
    const Estimate estimate = median_interval(Values{5, 2, 5, 5, 1, 5, 9, 5, 2}, 0.95);
    EXPECT_EQ(estimate, (Estimate{5, 2, 5, 0.9609375}));
}

TEST(MedianInterval, TakesAConfidenceThatItJustHas) {
    EXPECT_EQ(median_interval(ranks(10), 0.978515625).low, 2);
    EXPECT_EQ(median_interval(ranks(10), 0.9785157).low, 1);
}

TEST(MedianInterval, EndsBesideTheMedianWhereHardlyAnyConfidenceIsAsked) {
    // 1 - 2 * pbinom(4, 10, 0.5) of R.
    EXPECT_EQ(median_interval(ranks(10), 0.2), (Estimate{5.5, 5, 6, 0.24609375}));
    EXPECT_EQ(median_interval(ranks(11), 1e-9).low, 5);
}

TEST(MedianInterval, RefusesNoValuesAndConfidencesThatAreNone) {
    EXPECT_THROW(median_interval({}, 0.95), std::invalid_argument);
    for (const double confidence : {0.0, 1.0, -1.0, std::nan("")}) {
        EXPECT_THROW(median_interval(Values{1, 2}, confidence), std::invalid_argument);
    }
}

TEST(MedianInterval, CoversTheMedianOfASkewedDistributionAsOftenAsItSays) {
    std::mt19937_64 random(42);
    std::lognormal_distribution<double> skewed(0, 1);  // median 1
    constexpr int samples = 20'000;
    int covered = 0;
    double confidence = 0;
    for (int sample = 0; sample < samples; ++sample) {
        Values values(12);
        for (double& value : values) value = skewed(random);
        const Estimate estimate = median_interval(values, 0.95);
        if (estimate.low <= 1 && 1 <= estimate.high) ++covered;
        confidence = estimate.confidence;
    }
    // Four standard errors of a share of 0.96 in 20,000.
    EXPECT_NEAR(static_cast<double>(covered) / samples, confidence, 0.0055);
}

TEST(MedianIntervalCoverage, IsZeroForASingleRankInTheMiddle) {
    EXPECT_EQ(median_interval_coverage(1, 1), 0);
    EXPECT_NEAR(median_interval_coverage(3, 2), 0, 1e-15);
}

TEST(MedianIntervalCoverage, RefusesRanksThatAreNotThere) {
    EXPECT_THROW(median_interval_coverage(0, 1), std::invalid_argument);
    EXPECT_THROW(median_interval_coverage(4, 0), std::invalid_argument);
    EXPECT_THROW(median_interval_coverage(4, 3), std::invalid_argument);
}

}  // namespace asyncbench::order_statistics_tests
