#include "analysis/stats/sign_test.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <random>
#include <stdexcept>
#include <vector>

#include "tests/analysis/stats/reference.hpp"

namespace asyncbench::sign_test_tests {

using Values = std::vector<double>;

constexpr double infinity = std::numeric_limits<double>::infinity();

/// `above` values over 0, the rest below.
Values signs(std::size_t above, std::size_t pairs) {
    Values values(pairs, -1);
    for (std::size_t i = 0; i < above; ++i) values[i] = 1;
    return values;
}

TEST(SignTest, HasThePValuesOfR) {
    for (const auto& row : reference::answers_of_r("sign_test")) {
        const Values values = signs(row.at("above"), row.at("pairs"));
        const double p = row.at("p");
        EXPECT_NEAR(sign_test_above(values), p, 1e-12 * p) << row;
    }
}

TEST(SignTest, LeavesOutWhatEqualsTheLocation) {
    EXPECT_DOUBLE_EQ(sign_test_above(Values{1, 1, 0, 1, 0, 0}), 0.125);
    EXPECT_EQ(sign_test_above(Values{0, 0}), 1);
    EXPECT_EQ(sign_test_above({}), 1);
}

TEST(SignTest, TestsAgainstAnyLocation) {
    EXPECT_DOUBLE_EQ(sign_test_above(Values{3, 4, 5, 2}, 2), 0.125);
    EXPECT_DOUBLE_EQ(sign_test_above(Values{3, 4, 5, 2}, 4), 0.875);
    EXPECT_DOUBLE_EQ(sign_test_above(Values{-3, -4, -5}, -6), 0.125);
}

TEST(SignTest, TakesInfinitiesForNumbers) {
    EXPECT_DOUBLE_EQ(sign_test_above(Values{infinity, infinity, -infinity}), 0.5);
}

TEST(SignTest, RefusesWhatIsNotANumber) {
    EXPECT_THROW(sign_test_above(Values{1, std::nan("")}), std::invalid_argument);
    EXPECT_THROW(sign_test_above(Values{1}, std::nan("")), std::invalid_argument);
}

TEST(SignTest, RejectsNoOftenerThanItsLevelWhereTheMedianIsTheLocation) {
    std::mt19937_64 random(7);
    std::lognormal_distribution<double> skewed(0, 1);  // median 1
    constexpr int samples = 20'000;
    int rejected = 0;
    for (int sample = 0; sample < samples; ++sample) {
        Values values(20);
        for (double& value : values) value = skewed(random);
        if (sign_test_above(values, 1) <= 0.05) ++rejected;
    }
    // At 15 or more of 20, of which R's binom.test says 0.02069; four standard errors.
    EXPECT_NEAR(static_cast<double>(rejected) / samples, 0.0207, 0.0041);
}

}  // namespace asyncbench::sign_test_tests
