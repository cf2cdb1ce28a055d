#include "analysis/stats/proportion.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "tests/analysis/stats/reference.hpp"

namespace asyncbench::proportion_tests {

TEST(ProportionInterval, IsThatOfR) {
    for (const auto& row : reference::answers_of_r("proportion")) {
        const double confidence = row.at("confidence");
        const Estimate share = proportion_interval(row.at("hits"), row.at("tries"), confidence);
        EXPECT_NEAR(share.low, row.at("low").get<double>(), 1e-9) << row;
        EXPECT_NEAR(share.high, row.at("high").get<double>(), 1e-9) << row;
        EXPECT_EQ(share.confidence, confidence);
    }
}

TEST(ProportionInterval, HoldsTheShareItself) {
    const Estimate share = proportion_interval(3, 4, 0.95);
    EXPECT_EQ(share.value, 0.75);
    EXPECT_LT(share.low, 0.75);
    EXPECT_GT(share.high, 0.75);
}

TEST(ProportionInterval, EndsAtNoneAndAll) {
    EXPECT_EQ(proportion_interval(0, 9, 0.95).low, 0);
    EXPECT_EQ(proportion_interval(9, 9, 0.95).high, 1);
}

TEST(ProportionInterval, CoversEachShareAtLeastAsOftenAsItSays) {
    constexpr int tries = 12;
    for (double share = 0.05; share < 1; share += 0.05) {
        double covered = 0;
        double chance = std::pow(1 - share, tries);  // of no hit, then of one more each time
        for (int hits = 0; hits <= tries; ++hits) {
            const Estimate interval = proportion_interval(hits, tries, 0.9);
            if (interval.low <= share && share <= interval.high) covered += chance;
            chance *= share / (1 - share) * (tries - hits) / (hits + 1);
        }
        EXPECT_GE(covered, 0.9) << share;
    }
}

TEST(ProportionInterval, RefusesSharesAndConfidencesThatAreNone) {
    EXPECT_THROW(proportion_interval(0, 0, 0.95), std::invalid_argument);
    EXPECT_THROW(proportion_interval(5, 4, 0.95), std::invalid_argument);
    for (const double confidence : {0.0, 1.0, -1.0, std::nan("")}) {
        EXPECT_THROW(proportion_interval(1, 2, confidence), std::invalid_argument);
    }
}

}  // namespace asyncbench::proportion_tests
