#include "harness/engine/pacer.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

namespace asyncbench::pacer_tests {

using namespace std::chrono_literals;

std::vector<Nanoseconds> all_of(Pacer pacer) {
    std::vector<Nanoseconds> times;
    while (const auto next = pacer.next()) times.push_back(*next);
    return times;
}

std::vector<Nanoseconds> all_of(const std::vector<LoadStage>& stages, Arrivals arrivals = Arrivals::constant,
                                std::uint64_t seed = 1, Pacer::Share share = {}) {
    return all_of(Pacer(stages, arrivals, seed, share));
}

TEST(Pacer, SendsAConstantRateAtEqualDistances) {
    EXPECT_EQ(all_of({{4, 4, 1s}}), (std::vector<Nanoseconds>{0ms, 250ms, 500ms, 750ms}));
}

TEST(Pacer, SendsAsManyAsTheSameScheduleOfARun) {
    PlanSpec plan;
    plan.kind = PlanKind::open;
    for (const double rate : {1.75, 29.0, 1000.0 / 3, 12'345.0}) {
        plan.rate_rps = rate;
        plan.duration = 2s;
        EXPECT_EQ(all_of({{rate, rate, 2s}}), arrival_times(plan, 1)) << rate;
    }
}

TEST(Pacer, SendsTheIntegralOfARampAndTheSquareRootOfItsTimes) {
    // L(t) = 50 t^2 over 2 s: 200 requests, the k-th at sqrt(k / 50).
    const auto times = all_of({{0, 200, 2s}});
    ASSERT_EQ(times.size(), 200U);
    for (std::size_t k = 0; k < times.size(); ++k) {
        EXPECT_NEAR(static_cast<double>(times[k].count()), std::sqrt(static_cast<double>(k) / 50) * 1e9, 1);
    }
    // And of one that falls, the mirror: L(t) = 200 t - 50 t^2.
    const auto falling = all_of({{200, 0, 2s}});
    ASSERT_EQ(falling.size(), 200U);
    for (std::size_t k = 0; k < falling.size(); ++k) {
        EXPECT_NEAR(static_cast<double>(falling[k].count()),
                    (2 - std::sqrt(4 - static_cast<double>(k) / 50)) * 1e9, 2);
    }
}

TEST(Pacer, GoesFromOneStageToTheNextWithoutAGapOrAJump) {
    // 15 requests in 1 s, 20 in 1 s, 10 in 2 s: the half request that a stage leaves over is sent by the next
    // one.
    const auto times = all_of({{10, 20, 1s}, {20, 20, 1s}, {0, 10, 2s}});
    ASSERT_EQ(times.size(), 45U);
    EXPECT_TRUE(std::is_sorted(times.begin(), times.end()));
    const auto within = [&](Nanoseconds from, Nanoseconds to) {
        return std::count_if(times.begin(), times.end(),
                             [&](Nanoseconds time) { return time >= from && time < to; });
    };
    EXPECT_EQ(within(0s, 1s), 15);
    EXPECT_EQ(within(1s, 2s), 20);
    EXPECT_EQ(within(2s, 4s), 10);
}

TEST(Pacer, PassesOverAStageWithoutLoad) {
    EXPECT_EQ(all_of({{2, 2, 1s}, {0, 0, 3s}, {2, 2, 1s}}),
              (std::vector<Nanoseconds>{0ms, 500ms, 4000ms, 4500ms}));
}

TEST(Pacer, OfSeveralGeneratorsSendTogetherWhatOneWould) {
    const std::vector<LoadStage> stages{{10, 300, 1s}, {300, 300, 1s}};
    std::vector<Nanoseconds> together;
    for (std::uint32_t index = 0; index < 3; ++index) {
        const auto times = all_of(stages, Arrivals::constant, 1, {index, 3});
        together.insert(together.end(), times.begin(), times.end());
    }
    std::sort(together.begin(), together.end());
    EXPECT_EQ(together, all_of(stages));
}

TEST(Pacer, PoissonArrivalsHaveTheMeanAndTheSpreadOfExponentialGaps) {
    for (const std::uint32_t generators : {1U, 4U}) {
        const double rate = 10'000;
        const auto times = all_of({{rate, rate, 20s}}, Arrivals::poisson, 7, {0, generators});
        const double gap_s = generators / rate;
        const auto count = static_cast<double>(times.size());
        // Five standard deviations of a Poisson count.
        EXPECT_NEAR(count, 20 / gap_s, 5 * std::sqrt(20 / gap_s));
        double squares = 0;
        for (std::size_t i = 1; i < times.size(); ++i) {
            const double gap = static_cast<double>((times[i] - times[i - 1]).count()) / 1e9 / gap_s;
            squares += gap * gap;
        }
        // E[X^2] of an exponential of mean 1 is 2, with a variance of 20.
        EXPECT_NEAR(squares / count, 2, 5 * std::sqrt(20 / count));
    }
}

TEST(Pacer, PoissonArrivalsFollowTheSeedAndDifferBetweenGenerators) {
    const std::vector<LoadStage> stages{{100, 100, 10s}};
    EXPECT_EQ(all_of(stages, Arrivals::poisson, 3), all_of(stages, Arrivals::poisson, 3));
    EXPECT_NE(all_of(stages, Arrivals::poisson, 3), all_of(stages, Arrivals::poisson, 4));
    EXPECT_NE(all_of(stages, Arrivals::poisson, 3, {0, 2}), all_of(stages, Arrivals::poisson, 3, {1, 2}));
}

TEST(Pacer, SaysTheSameAtTheEndOfADayAsAtItsStart) {
    Pacer day({{1000, 1000, 24h}}, Arrivals::constant, 1, {0, 1'000'000});
    // Every 1000 s one, as the first of a million generators.
    for (int k = 0; k < 86; ++k) EXPECT_EQ(day.next(), Nanoseconds(k * 1000s));
}

}  // namespace asyncbench::pacer_tests
