#include "analysis/stats/mann_whitney.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <random>
#include <stdexcept>
#include <vector>

#include "tests/analysis/stats/reference.hpp"

namespace asyncbench::mann_whitney_tests {

using Values = std::vector<double>;

constexpr double infinity = std::numeric_limits<double>::infinity();

Values drawn(std::mt19937_64& random, std::size_t n, double shift) {
    std::exponential_distribution<double> skewed;
    Values values(n);
    for (double& value : values) value = skewed(random) + shift;
    return values;
}

TEST(MannWhitney, HasThePValuesOfR) {
    for (const auto& row : reference::answers_of_r("mann_whitney")) {
        const Values one = reference::numbers(row.at("one"));
        const Values other = reference::numbers(row.at("other"));
        const double p = row.at("p");
        EXPECT_NEAR(mann_whitney_p_value(one, other), p, 1e-9 * p) << row;
        EXPECT_NEAR(mann_whitney_p_value(other, one), p, 1e-9 * p) << row;
    }
}

TEST(MannWhitney, HasThePValueOfATextbook) {
    // Hollander and Wolfe, "Nonparametric Statistical Methods" (1973), 4.1: 0.127 to one side.
    const Values at_term{0.80, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46};
    const Values earlier{1.15, 0.88, 0.90, 0.74, 1.21};
    EXPECT_NEAR(mann_whitney_p_value(at_term, earlier), 2 * 0.1272, 0.0001);
}

TEST(MannWhitney, FindsNothingWhereAllAreEqual) {
    EXPECT_EQ(mann_whitney_p_value(Values{3, 3, 3}, Values{3, 3}), 1);
    EXPECT_EQ(mann_whitney_p_value(Values{1, 2}, Values{1, 2}), 1);
}

TEST(MannWhitney, RanksInfinities) {
    EXPECT_DOUBLE_EQ(mann_whitney_p_value(Values{1, 2}, Values{3, infinity}), 1 / 3.0);
}

TEST(MannWhitney, TakesHundredsOfValues) {
    std::mt19937_64 random(3);
    EXPECT_LT(mann_whitney_p_value(drawn(random, 600, 0), drawn(random, 500, 1)), 1e-9);
}

TEST(MannWhitney, RefusesEmptySamplesAndWhatIsNotANumber) {
    EXPECT_THROW(mann_whitney_p_value({}, Values{1}), std::invalid_argument);
    EXPECT_THROW(mann_whitney_p_value(Values{1}, {}), std::invalid_argument);
    EXPECT_THROW(mann_whitney_p_value(Values{1, std::nan("")}, Values{1}), std::invalid_argument);
    EXPECT_THROW(mann_whitney_p_value(Values{1}, Values{std::nan("")}), std::invalid_argument);
}

TEST(MannWhitney, RejectsAsOftenAsItsLevelWhereNothingDiffers) {
    std::mt19937_64 random(12);
    constexpr int runs = 10'000;
    int rejected = 0;
    for (int run = 0; run < runs; ++run) {
        if (mann_whitney_p_value(drawn(random, 8, 0), drawn(random, 7, 0)) <= 0.05) ++rejected;
    }
    // 2 * pwilcox(10, 8, 7) of R; four standard errors.
    EXPECT_NEAR(static_cast<double>(rejected) / runs, 0.0401, 0.0079);
}

TEST(ShiftInterval, IsThatOfR) {
    for (const auto& row : reference::answers_of_r("shift")) {
        const Values base = reference::numbers(row.at("base"));
        const Values head = reference::numbers(row.at("head"));
        const Estimate shift = shift_interval(base, head, row.at("asked"));
        EXPECT_NEAR(shift.value, row.at("value").get<double>(), 1e-12) << row;
        EXPECT_NEAR(shift.low, row.at("low").get<double>(), 1e-12) << row;
        EXPECT_NEAR(shift.high, row.at("high").get<double>(), 1e-12) << row;
        EXPECT_NEAR(shift.confidence, row.at("confidence").get<double>(), 1e-12) << row;
    }
}

TEST(ShiftInterval, LiesAboveZeroWhereHeadIsLarger) {
    const Estimate shift = shift_interval(Values{1, 2, 3, 4}, Values{11, 12, 13, 14}, 0.9);
    EXPECT_EQ(shift.value, 10);
    EXPECT_EQ(shift.low, 8);
    EXPECT_EQ(shift.high, 12);
    // 1 - 2 * pwilcox(1, 4, 4) of R.
    EXPECT_NEAR(shift.confidence, 0.942857, 1e-6);
}

TEST(ShiftInterval, OfSingleValuesHasNoConfidence) {
    EXPECT_EQ(shift_interval(Values{1}, Values{4}, 0.95), (Estimate{3, 3, 3, 0}));
}

TEST(ShiftInterval, EndsInTheMiddleWhereHardlyAnyConfidenceIsAsked) {
    // Differences 10, 11, 12, 13; U lies below 2 in 2 of 6 cases.
    const Estimate shift = shift_interval(Values{0, 1}, Values{11, 13}, 0.1);
    EXPECT_EQ(shift.low, 11);
    EXPECT_EQ(shift.high, 12);
    EXPECT_NEAR(shift.confidence, 1 / 3.0, 1e-12);
}

TEST(ShiftInterval, CoversAShiftAtLeastAsOftenAsItSays) {
    std::mt19937_64 random(21);
    for (const auto& [n, m] : {std::pair{6, 9}, std::pair{50, 60}}) {
        constexpr int runs = 2000;
        int covered = 0;
        double confidence = 0;
        for (int run = 0; run < runs; ++run) {
            const Estimate shift = shift_interval(drawn(random, n, 0), drawn(random, m, 2), 0.9);
            if (shift.low <= 2 && 2 <= shift.high) ++covered;
            confidence = shift.confidence;
        }
        EXPECT_GE(confidence, 0.9);
        EXPECT_NEAR(static_cast<double>(covered) / runs, confidence, 0.027) << n;  // four standard errors
    }
}

TEST(ShiftInterval, OfLargeSamplesHasNearlyTheExactRanks) {
    // Differences 0 ... 3599, each once. qwilcox(0.025, 60, 60) of R is 1427, the lower end's rank.
    Values base(60);
    Values head(60);
    for (int i = 0; i < 60; ++i) {
        base[i] = -i;
        head[i] = 60 * i;
    }
    const Estimate shift = shift_interval(base, head, 0.95);
    EXPECT_NEAR(shift.low, 1426, 1);
    EXPECT_EQ(shift.high, 3599 - shift.low);
    EXPECT_EQ(shift.value, 1799.5);
    EXPECT_NEAR(shift.confidence, 0.95, 0.0005);
}

TEST(ShiftInterval, RefusesWhatHasNoDifferences) {
    EXPECT_THROW(shift_interval({}, Values{1}, 0.95), std::invalid_argument);
    EXPECT_THROW(shift_interval(Values{1}, {}, 0.95), std::invalid_argument);
    EXPECT_THROW(shift_interval(Values{infinity}, Values{1}, 0.95), std::invalid_argument);
    EXPECT_THROW(shift_interval(Values{1}, Values{-infinity}, 0.95), std::invalid_argument);
    EXPECT_THROW(shift_interval(Values{1}, Values{std::nan("")}, 0.95), std::invalid_argument);
    for (const double confidence : {0.0, 1.0, std::nan("")}) {
        EXPECT_THROW(shift_interval(Values{1}, Values{1}, confidence), std::invalid_argument);
    }
}

}  // namespace asyncbench::mann_whitney_tests
