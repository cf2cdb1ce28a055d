#include "async/histogram.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

#include "async/histogram_layout.hpp"

namespace asyncbench::histogram_tests {

constexpr std::int64_t highest = histogram_layout::highest_value;

Histogram histogram_of(std::initializer_list<std::int64_t> values) {
    Histogram histogram;
    for (const auto value : values) histogram.record(value);
    return histogram;
}

TEST(HistogramLayout, EveryCounterBeginsWhereTheOneBeforeEnds) {
    for (std::size_t index = 0; index + 1 < histogram_layout::size; ++index) {
        ASSERT_EQ(histogram_layout::highest_equivalent(index) + 1,
                  histogram_layout::lowest_equivalent(index + 1));
    }
    EXPECT_EQ(histogram_layout::lowest_equivalent(0), 0);
    EXPECT_EQ(histogram_layout::highest_equivalent(histogram_layout::size - 1), highest);
}

TEST(HistogramLayout, BothEndsOfACounterAreCountedThere) {
    for (std::size_t index = 0; index < histogram_layout::size; ++index) {
        ASSERT_EQ(histogram_layout::index_of(histogram_layout::lowest_equivalent(index)), index);
        ASSERT_EQ(histogram_layout::index_of(histogram_layout::median_equivalent(index)), index);
        ASSERT_EQ(histogram_layout::index_of(histogram_layout::highest_equivalent(index)), index);
    }
}

TEST(Histogram, KeepsEveryValueWithinATenthOfAPercent) {
    for (std::int64_t value = 1; value < highest; value += 1 + value / 97) {
        const Histogram histogram = histogram_of({value});
        ASSERT_LE(histogram.min(), value);
        ASSERT_GE(histogram.max(), value);
        ASSERT_LT(static_cast<double>(histogram.max() - histogram.min()), 0.001 * static_cast<double>(value));
    }
}

TEST(Histogram, IsZeroEverywhereWhenEmpty) {
    const Histogram histogram;
    EXPECT_TRUE(histogram.empty());
    EXPECT_EQ(histogram.count(), 0U);
    EXPECT_EQ(histogram.value_at_percentile(50), 0);
    EXPECT_EQ(histogram.min(), 0);
    EXPECT_EQ(histogram.max(), 0);
    EXPECT_EQ(histogram.mean(), 0);
    EXPECT_EQ(histogram.standard_deviation(), 0);
    EXPECT_EQ(histogram.share_at_or_below(highest), 0);
}

TEST(Histogram, CountsValuesBelowZeroAsZeroAndValuesOverTheHighestAsTheHighest) {
    const Histogram histogram = histogram_of(
        {-1, std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max()});
    EXPECT_EQ(histogram.count(), 3U);
    EXPECT_EQ(histogram.min(), 0);
    EXPECT_EQ(histogram.max(), highest);
    EXPECT_EQ(histogram.value_at_percentile(50), 0);
}

TEST(Histogram, PercentileIsTheSmallestValueThatEnoughValuesDoNotExceed) {
    const Histogram histogram = histogram_of({1, 2, 3, 4, 5, 6, 7, 8, 9, 10});
    EXPECT_EQ(histogram.value_at_percentile(0), 1);
    EXPECT_EQ(histogram.value_at_percentile(10), 1);
    EXPECT_EQ(histogram.value_at_percentile(10.001), 2);
    EXPECT_EQ(histogram.value_at_percentile(50), 5);
    EXPECT_EQ(histogram.value_at_percentile(90), 9);
    EXPECT_EQ(histogram.value_at_percentile(99), 10);
    EXPECT_EQ(histogram.value_at_percentile(100), 10);
}

TEST(Histogram, RoundingOfThePercentileDoesNotReachIntoTheNextValue) {
    Histogram histogram;
    for (std::int64_t value = 1; value <= 10'000; ++value) histogram.record(value);
    ASSERT_GT(0.07 * 10'000 / 100, 7);
    EXPECT_EQ(histogram.value_at_percentile(0.07), 7);
}

TEST(Histogram, TakesPercentilesOutOfRangeAsTheNearestEnd) {
    const Histogram histogram = histogram_of({1, 2, 3});
    EXPECT_EQ(histogram.value_at_percentile(-5), 1);
    EXPECT_EQ(histogram.value_at_percentile(1e300), 3);
    EXPECT_EQ(histogram.value_at_percentile(std::nan("")), 1);
}

TEST(Histogram, PercentileZeroIsTheLowestEquivalentValueAndEveryOtherTheHighest) {
    const Histogram histogram = histogram_of({1'000'000});
    EXPECT_EQ(histogram.value_at_percentile(0), histogram.min());
    EXPECT_EQ(histogram.value_at_percentile(1), histogram.max());
    EXPECT_LT(histogram.min(), histogram.max());
}

TEST(Histogram, MeanAndStandardDeviationAreThoseOfTheValues) {
    const Histogram histogram = histogram_of({2, 4, 4, 4, 5, 5, 7, 9});
    EXPECT_DOUBLE_EQ(histogram.mean(), 5);
    EXPECT_DOUBLE_EQ(histogram.standard_deviation(), 2);
}

TEST(Histogram, ShareAtOrBelowCountsTheValueItself) {
    const Histogram histogram = histogram_of({10, 20, 30, 40});
    EXPECT_EQ(histogram.share_at_or_below(-1), 0);
    EXPECT_EQ(histogram.share_at_or_below(9), 0);
    EXPECT_EQ(histogram.share_at_or_below(10), 0.25);
    EXPECT_EQ(histogram.share_at_or_below(29), 0.5);
    EXPECT_EQ(histogram.share_at_or_below(40), 1);
    EXPECT_EQ(histogram.share_at_or_below(highest), 1);
}

TEST(Histogram, MergingIsTheSameAsRecordingEverythingInOne) {
    Histogram merged = histogram_of({1, 5'000, 70'000});
    merged += histogram_of({5'000, 123'456'789});
    EXPECT_EQ(merged, histogram_of({123'456'789, 1, 5'000, 5'000, 70'000}));
    EXPECT_EQ(merged.count(), 5U);
    EXPECT_GE(merged.max(), 123'456'789);
}

TEST(Histogram, MergedIntoItselfHasEveryCountTwice) {
    Histogram histogram = histogram_of({3, 4, 4});
    histogram += histogram;
    EXPECT_EQ(histogram, histogram_of({3, 3, 4, 4, 4, 4}));
}

TEST(Histogram, RecordingACountIsTheSameAsRecordingThatOften) {
    Histogram histogram;
    histogram.record(7, 3);
    EXPECT_EQ(histogram, histogram_of({7, 7, 7}));
}

TEST(Histogram, RecordingNothingChangesNothing) {
    Histogram histogram = histogram_of({7});
    histogram.record(1'000'000, 0);
    EXPECT_EQ(histogram, histogram_of({7}));
    EXPECT_EQ(histogram.max(), 7);
}

TEST(Histogram, DiffersWhenAValueDoes) {
    EXPECT_NE(histogram_of({1, 2}), histogram_of({1, 3}));
}

TEST(Histogram, VisitsTheBucketsThatAreNotEmptyInAscendingOrder) {
    const Histogram histogram = histogram_of({2'049, 0, 2'048, 17});
    std::vector<std::pair<std::int64_t, std::uint64_t>> visited;
    histogram.for_each([&](std::int64_t value, std::uint64_t count) { visited.emplace_back(value, count); });
    const std::vector<std::pair<std::int64_t, std::uint64_t>> expected{{0, 1}, {17, 1}, {2'048, 2}};
    EXPECT_EQ(visited, expected);
}

}  // namespace asyncbench::histogram_tests
