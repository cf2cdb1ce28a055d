#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <random>
#include <vector>

#include "analysis/rate_search.hpp"

namespace asyncbench::rate_search_tests {

using testing::AllOf;
using testing::Ge;
using testing::Le;

/// Asks `holds` of each rate until the search is done; how many it took.
std::size_t run(RateSearch& search, const std::function<bool(double)>& holds) {
    std::size_t steps = 0;
    for (; const auto next = search.next(); ++steps) search.add(holds(next->rate_rps));
    return steps;
}

TEST(RateSearch, FindsTheHighestRateThatHoldsFromAnyFirstRate) {
    for (const double limit : {3.0, 777.0, 250'000.0}) {
        for (const double first : {1.0, 700.0, 1e6}) {
            RateSearch search({.first_rps = first});
            run(search, [&](double rate) { return rate <= limit; });
            ASSERT_TRUE(search.highest_held()) << limit << " from " << first;
            EXPECT_THAT(*search.highest_held(), AllOf(Le(limit), Ge(limit / 1.03)));
            EXPECT_THAT(search.lowest_broken(), testing::Optional(testing::Gt(limit)));
        }
    }
}

TEST(RateSearch, TakesFewStepsFromTheRateOfAClosedLoop) {
    RateSearch search({.first_rps = 1000});
    EXPECT_LE(run(search, [](double rate) { return rate <= 800; }), 12U);
}

TEST(RateSearch, ConfirmsTheAnswerByFreshTrials) {
    RateSearch search({.first_rps = 100});
    std::vector<double> confirming;
    while (const auto next = search.next()) {
        if (next->confirms) confirming.push_back(next->rate_rps);
        search.add(next->rate_rps <= 90);
    }
    const double held = *search.highest_held();
    const double broken = *search.lowest_broken();
    EXPECT_EQ(confirming, (std::vector<double>{broken, broken, held, held, held}));
}

TEST(RateSearch, GoesOnBelowARateThatHeldOnceByChance) {
    RateSearch search({.first_rps = 100});
    bool lucky = true;
    run(search, [&](double rate) {
        if (rate <= 50) return true;
        return rate <= 100 && std::exchange(lucky, false);
    });
    ASSERT_TRUE(search.highest_held());
    EXPECT_THAT(*search.highest_held(), AllOf(Le(50), Ge(50 / 1.03)));
}

TEST(RateSearch, GoesOnAboveARateThatBrokeOnceByChance) {
    RateSearch search({.first_rps = 100});
    bool unlucky = true;
    run(search, [&](double rate) {
        if (rate == 100 && std::exchange(unlucky, false)) return false;
        return rate <= 300;
    });
    ASSERT_TRUE(search.highest_held());
    EXPECT_THAT(*search.highest_held(), AllOf(Le(300), Ge(300 / 1.03)));
}

TEST(RateSearch, HasNoAnswerWhereNothingHolds) {
    RateSearch search({.first_rps = 100});
    run(search, [](double) { return false; });
    EXPECT_FALSE(search.highest_held());
    EXPECT_THAT(search.lowest_broken(), testing::Optional(1.0));
}

TEST(RateSearch, EndsAtItsLimitWhereEverythingHolds) {
    RateSearch search({.first_rps = 100, .most_rps = 5000});
    run(search, [](double) { return true; });
    EXPECT_THAT(search.highest_held(), testing::Optional(5000.0));
    EXPECT_FALSE(search.lowest_broken());
}

TEST(RateSearch, EndsInTheNumberOfItsStepsHoweverTheVerdictsFall) {
    std::mt19937 random(1);
    for (int i = 0; i < 200; ++i) {
        RateSearch search({.first_rps = 1000, .most_steps = 25});
        EXPECT_LE(run(search, [&](double) { return random() % 2 == 0; }), 25U);
    }
}

/// Verdicts near the limit fall by chance, with odds that change over 10 % of the rate.
TEST(RateSearch, IsSeldomFarFromTheLimitWhereVerdictsAreNoisy) {
    std::mt19937 random(7);
    std::normal_distribution<double> noise(0, 0.03);
    int within = 0;
    constexpr int searches = 200;
    for (int i = 0; i < searches; ++i) {
        RateSearch search({.first_rps = 1500});
        run(search, [&](double rate) { return rate <= 1000 * (1 + noise(random)); });
        if (search.highest_held() && std::abs(*search.highest_held() / 1000 - 1) < 0.05) ++within;
    }
    EXPECT_GT(within, searches * 95 / 100);
}

}  // namespace asyncbench::rate_search_tests
