#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "async/errors.hpp"
#include "harness/load/plan_spec.hpp"

namespace asyncbench::arrivals_tests {

using testing::HasSubstr;
using testing::ThrowsMessage;
using namespace std::chrono_literals;

PlanSpec open_loop(double rate_rps, Nanoseconds duration, Arrivals arrivals = Arrivals::constant) {
    return {.kind = PlanKind::open, .duration = duration, .rate_rps = rate_rps, .arrivals = arrivals};
}

TEST(ConstantArrivals, AHundredASecondForASecondAreAHundred) {
    const auto times = arrival_times(open_loop(100, 1s), 1);
    ASSERT_EQ(times.size(), 100U);
    EXPECT_EQ(times.front(), 0ns);
    EXPECT_EQ(times[1], 10ms);
    EXPECT_EQ(times.back(), 990ms);
}

TEST(ConstantArrivals, AFractionalRateStartsWhatFallsIntoTheDuration) {
    EXPECT_EQ(arrival_times(open_loop(1.75, 2s), 1).size(), 4U);
    EXPECT_EQ(arrival_times(open_loop(0.5, 1s), 1).size(), 1U);
    EXPECT_EQ(arrival_times(open_loop(0.5, 5s), 1).size(), 3U);
    EXPECT_EQ(arrival_times(open_loop(1e-6, 1ns), 1).size(), 1U);
}

TEST(ConstantArrivals, EveryWholeRateStartsExactlyThatManyInASecond) {
    for (int rate = 1; rate <= 5000; ++rate) {
        ASSERT_EQ(arrival_times(open_loop(rate, 1s), 1).size(), static_cast<std::size_t>(rate));
    }
}

TEST(ConstantArrivals, DoNotDriftOverAMillionRequests) {
    const auto times = arrival_times(open_loop(3e5, 4s), 1);
    ASSERT_EQ(times.size(), 1'200'000U);
    for (std::size_t id = 0; id < times.size(); id += 3) ASSERT_EQ(times[id], Nanoseconds{10'000 * id / 3});
}

TEST(ConstantArrivals, DoNotDependOnTheSeed) {
    EXPECT_EQ(arrival_times(open_loop(333, 1s), 1), arrival_times(open_loop(333, 1s), 2));
}

TEST(PoissonArrivals, HaveTheRateAsTheirMean) {
    const auto times = arrival_times(open_loop(20'000, 10s, Arrivals::poisson), 7);
    // The count's standard deviation is the root of 200,000.
    EXPECT_NEAR(static_cast<double>(times.size()), 200'000, 5 * std::sqrt(200'000));
}

TEST(PoissonArrivals, HaveGapsThatSpreadLikeTheirMean) {
    const auto times = arrival_times(open_loop(10'000, 10s, Arrivals::poisson), 7);
    double sum = 0;
    double squares = 0;
    for (std::size_t i = 1; i < times.size(); ++i) {
        const auto gap = static_cast<double>((times[i] - times[i - 1]).count());
        sum += gap;
        squares += gap * gap;
    }
    const double mean = sum / static_cast<double>(times.size() - 1);
    const double deviation = std::sqrt(squares / static_cast<double>(times.size() - 1) - mean * mean);
    EXPECT_NEAR(deviation / mean, 1, 0.02);  // as of an exponential distribution; 0 where they were constant
}

TEST(PoissonArrivals, AscendAndEndBeforeTheDuration) {
    const auto times = arrival_times(open_loop(5'000, 2s, Arrivals::poisson), 3);
    EXPECT_TRUE(std::is_sorted(times.begin(), times.end()));
    EXPECT_GE(times.front(), 0ns);
    EXPECT_LT(times.back(), 2s);
}

TEST(PoissonArrivals, AreDecidedByTheSeed) {
    const auto spec = open_loop(1'000, 1s, Arrivals::poisson);
    EXPECT_EQ(arrival_times(spec, 1), arrival_times(spec, 1));
    EXPECT_NE(arrival_times(spec, 1), arrival_times(spec, 2));
}

TEST(Arrivals, WithoutRateOrDurationAreRefused) {
    const double nan = std::numeric_limits<double>::quiet_NaN();
    for (const auto& spec :
         {open_loop(0, 1s), open_loop(-5, 1s), open_loop(nan, 1s), open_loop(100, 0s), open_loop(100, -1s)}) {
        EXPECT_THAT([&] { arrival_times(spec, 1); }, ThrowsMessage<UsageError>(HasSubstr("-q")));
    }
}

TEST(Arrivals, MoreThanMemoryShouldHoldAreRefusedBeforeTheyAreMade) {
    const double infinite = std::numeric_limits<double>::infinity();
    for (const auto& spec :
         {open_loop(1e9, 1s), open_loop(50'000'001, 1s), open_loop(1e300, 1000h), open_loop(infinite, 1s)}) {
        EXPECT_THAT([&] { arrival_times(spec, 1); }, ThrowsMessage<UsageError>(HasSubstr("too many")));
    }
}

}  // namespace asyncbench::arrivals_tests
