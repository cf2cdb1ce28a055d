#include "analysis/stats/change_points.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <random>
#include <span>
#include <stdexcept>
#include <vector>

#include "tests/analysis/stats/reference.hpp"

namespace asyncbench::change_points_tests {

using testing::ElementsAre;
using testing::IsEmpty;

using Values = std::vector<double>;

std::vector<std::size_t> places(const std::vector<ChangePoint>& changes) {
    std::vector<std::size_t> indices;
    for (const ChangePoint& change : changes) indices.push_back(change.index);
    return indices;
}

Values levels(const std::vector<std::pair<std::size_t, double>>& segments, double spread,
              std::uint64_t seed = 1) {
    std::mt19937_64 random(seed);
    std::normal_distribution<double> noise(0, spread);
    Values values;
    for (const auto& [length, level] : segments) {
        for (std::size_t i = 0; i < length; ++i) values.push_back(level + noise(random));
    }
    return values;
}

TEST(ChangePoints, AreThoseOfAnArticle) {
    // James and Matteson, "ecp" (2014), 4.1: 1 108 201 308 401, where 1 and 401 are the ends, counted from 1.
    const Values series = reference::numbers(reference::answers_of_r("series").at("ecp_article"));
    EXPECT_THAT(places(change_points(series, {.significance = 0.05, .least_segment = 30})),
                ElementsAre(107, 200, 307));
}

TEST(ChangePoints, AreThoseOfApacheOtavasTest) {
    // analysis_test.py, test_single_series_original: one change, at 10.
    const Values series{1.02, 0.95, 0.99, 1.00, 1.12, 1.00, 1.01, 0.98, 1.01, 0.96,
                        0.50, 0.51, 0.48, 0.48, 0.55, 0.50, 0.49, 0.51, 0.50, 0.49};
    const auto changes = change_points(series);
    ASSERT_THAT(places(changes), ElementsAre(10));
    EXPECT_DOUBLE_EQ(changes[0].before, 1.004);
    EXPECT_DOUBLE_EQ(changes[0].after, 0.501);
    EXPECT_DOUBLE_EQ(changes[0].p_value, 0.001);
}

TEST(ChangePoints, AreFoundWithTheLevelsBetweenThem) {
    const auto changes = change_points(levels({{20, 100}, {15, 120}, {25, 110}}, 1));
    ASSERT_THAT(places(changes), ElementsAre(20, 35));
    EXPECT_NEAR(changes[0].before, 100, 1);
    EXPECT_NEAR(changes[0].after, 120, 1);
    EXPECT_EQ(changes[1].before, changes[0].after);
    EXPECT_NEAR(changes[1].after, 110, 1);
}

TEST(ChangePoints, AreFoundWhereTheLevelComesBack) {
    EXPECT_THAT(places(change_points(levels({{30, 10}, {10, 20}, {30, 10}}, 0.5))), ElementsAre(30, 40));
}

TEST(ChangePoints, AreNoneInAConstantOrAShortSeries) {
    EXPECT_THAT(change_points({}), IsEmpty());
    EXPECT_THAT(change_points(Values{1}), IsEmpty());
    EXPECT_THAT(change_points(Values{1, 1, 9}), IsEmpty());
    EXPECT_THAT(change_points(Values(40, 3)), IsEmpty());
    EXPECT_THAT(change_points(Values{1, 1, 1, 9, 9, 9}), IsEmpty());
}

TEST(ChangePoints, NeedAsManyValuesAsTheirSignificance) {
    const Values five_and_five{1, 1.1, 1.2, 1.05, 1.15, 9, 9.1, 9.2, 9.05, 9.15};
    EXPECT_THAT(change_points(five_and_five), IsEmpty());
    EXPECT_THAT(places(change_points(five_and_five, {.significance = 0.02})), ElementsAre(5));
}

TEST(ChangePoints, TakeAsManyPermutationsAsTheirSignificanceNeeds) {
    const auto changes = change_points(levels({{12, 1}, {12, 9}}, 0.1), {.significance = 0.0005});
    ASSERT_THAT(places(changes), ElementsAre(12));
    EXPECT_DOUBLE_EQ(changes[0].p_value, 0.0005);
}

double mean_distance(std::span<const double> one, std::span<const double> other, double pairs) {
    double sum = 0;
    for (const double from : one) {
        for (const double to : other) sum += std::abs(from - to);
    }
    return sum / pairs;
}

/// Where Q of the article, as it stands there in (6) and (7), is largest.
std::size_t best_split_by_definition(std::span<const double> values, std::size_t least_segment) {
    double best = 0;
    std::size_t place = 0;
    for (std::size_t split = least_segment; split + least_segment <= values.size(); ++split) {
        for (std::size_t end = split + least_segment; end <= values.size(); ++end) {
            const auto before = values.subspan(0, split);
            const auto after = values.subspan(split, end - split);
            const auto n = static_cast<double>(before.size());
            const auto m = static_cast<double>(after.size());
            const double distance = 2 * mean_distance(before, after, n * m) -
                                    mean_distance(before, before, n * (n - 1)) -
                                    mean_distance(after, after, m * (m - 1));
            const double statistic = n * m / (n + m) * distance;
            if (statistic > best) {
                best = statistic;
                place = split;
            }
        }
    }
    return place;
}

TEST(ChangePoints, LieWhereTheEnergyStatisticIsLargest) {
    for (std::uint64_t seed = 1; seed <= 300; ++seed) {
        // So short that after one split there is no other.
        const std::size_t least_segment = 2 + seed % 3;
        const Values values = levels({{3 * least_segment - 1, 0}}, 1, seed);
        const auto found = places(change_points(
            values, {.significance = 0.999, .least_change = 0, .least_segment = least_segment}));
        if (found.empty()) continue;  // of all orders of these values none splits worse
        EXPECT_THAT(found, ElementsAre(best_split_by_definition(values, least_segment))) << seed;
    }
}

TEST(ChangePoints, HaveThePValueOfThePermutations) {
    // Two of the 252 ways to part ten values in halves are as good: 0.0079.
    const Values five_and_five{1, 1.1, 1.2, 1.05, 1.15, 9, 9.1, 9.2, 9.05, 9.15};
    const auto changes = change_points(five_and_five, {.significance = 0.05});
    ASSERT_EQ(changes.size(), 1U);
    EXPECT_NEAR(changes[0].p_value, 2 / 252.0, 0.006);
}

TEST(ChangePoints, AreFoundNoOftenerThanTheirSignificanceInNoise) {
    constexpr int runs = 400;
    int found = 0;
    for (int run = 0; run < runs; ++run) {
        const Values noise = levels({{24, 0}}, 1, 100 + run);
        if (!change_points(noise, {.significance = 0.05}).empty()) ++found;
    }
    EXPECT_NEAR(static_cast<double>(found) / runs, 0.05, 0.044);  // four standard errors
}

TEST(ChangePoints, LeaveOutChangesThatAreTooSmall) {
    const Values values = levels({{20, 100}, {20, 103}, {20, 150}}, 0.2);
    EXPECT_THAT(places(change_points(values)), ElementsAre(20, 40));
    const auto changes = change_points(values, {.least_change = 0.05});
    ASSERT_THAT(places(changes), ElementsAre(40));
    EXPECT_NEAR(changes[0].before, 101.5, 0.2);  // of all before it
    EXPECT_THAT(change_points(values, {.least_change = 0.6}), IsEmpty());
}

TEST(ChangePoints, OfTheSpreadAloneAreTooSmallForAnyLimit) {
    Values values;
    for (int i = 0; i < 40; ++i) values.push_back(i % 2 == 0 ? 9 : 11);
    for (int i = 0; i < 40; ++i) values.push_back(i % 2 == 0 ? -10 : 30);
    const auto changes = change_points(values);
    ASSERT_THAT(places(changes), ElementsAre(40));
    EXPECT_EQ(changes[0].before, changes[0].after);
    EXPECT_THAT(change_points(values, {.least_change = 1e-9}), IsEmpty());
}

TEST(ChangePoints, FromZeroAreNeverTooSmall) {
    Values values(10, 0);
    values.insert(values.end(), 10, 1);
    EXPECT_THAT(places(change_points(values, {.least_change = 10})), ElementsAre(10));
}

TEST(ChangePoints, LeaveSegmentsAsLongAsAsked) {
    Values values = levels({{20, 1}, {5, 9}}, 0.1);
    EXPECT_THAT(places(change_points(values)), ElementsAre(20));
    const Values five_and_five{1, 1.1, 1.2, 1.05, 1.15, 9, 9.1, 9.2, 9.05, 9.15};
    EXPECT_THAT(places(change_points(five_and_five, {.significance = 0.02, .least_segment = 5})),
                ElementsAre(5));
    for (const std::size_t place : places(change_points(values, {.least_segment = 8}))) {
        EXPECT_GE(place, 8U);
        EXPECT_LE(place, values.size() - 8);
    }
}

TEST(ChangePoints, AreTheSameForTheSameSeed) {
    const Values values = levels({{15, 1}, {15, 1.5}}, 0.5);
    const ChangePointOptions options{.significance = 0.5, .seed = 4};
    const auto one = change_points(values, options);
    const auto other = change_points(values, options);
    ASSERT_FALSE(one.empty());
    ASSERT_EQ(places(one), places(other));
    for (std::size_t i = 0; i < one.size(); ++i) EXPECT_EQ(one[i].p_value, other[i].p_value);
}

TEST(ChangePoints, RefuseWhatIsNotANumberAndOptionsThatAreNone) {
    EXPECT_THROW(change_points(Values{1, std::nan(""), 2}), std::invalid_argument);
    EXPECT_THROW(change_points(Values{1, std::numeric_limits<double>::infinity()}), std::invalid_argument);
    for (const double significance : {0.0, 1.0, std::nan("")}) {
        EXPECT_THROW(change_points(Values{1}, {.significance = significance}), std::invalid_argument);
    }
    EXPECT_THROW(change_points(Values{1}, {.least_change = -1}), std::invalid_argument);
    EXPECT_THROW(change_points(Values{1}, {.least_segment = 1}), std::invalid_argument);
}

}  // namespace asyncbench::change_points_tests
