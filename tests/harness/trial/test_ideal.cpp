#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "harness/trial/ideal.hpp"
#include "harness/work/reply.hpp"

namespace asyncbench::ideal_tests {

using namespace std::chrono_literals;

TrialSpec spec_of(PlanKind kind, std::uint32_t concurrency, const char* latency) {
    TrialSpec spec;
    spec.plan.kind = kind;
    spec.plan.concurrency = concurrency;
    spec.profile.delay = DelaySpec::parse(latency);
    return spec;
}

TrialSpec open_loop(double rate_rps, Nanoseconds duration, std::uint32_t concurrency, const char* latency) {
    TrialSpec spec = spec_of(PlanKind::open, concurrency, latency);
    spec.plan.rate_rps = rate_rps;
    spec.plan.duration = duration;
    return spec;
}

double seconds(const TrialSpec& spec, std::uint64_t id) {
    return static_cast<double>(reply_for(spec.profile, spec.seed, id).delay.count()) / 1e9;
}

TEST(IdealThroughput, OfAClosedLoopIsLittlesLaw) {
    EXPECT_DOUBLE_EQ(ideal_rps(spec_of(PlanKind::closed, 64, "20ms"), 5000), 3200);
    EXPECT_DOUBLE_EQ(ideal_rps(spec_of(PlanKind::closed, 1, "20ms"), 50), 50);
    EXPECT_NEAR(ideal_rps(spec_of(PlanKind::closed, 10, "uniform:10ms,30ms"), 100'000), 500, 2);
}

TEST(IdealThroughput, OfAClosedLoopLooksAtTheRequestsThatWereDone) {
    const TrialSpec spec = spec_of(PlanKind::closed, 2, "uniform:1ms,100ms");
    const double mean = (seconds(spec, 0) + seconds(spec, 1) + seconds(spec, 2)) / 3;
    EXPECT_NEAR(ideal_rps(spec, 3), 2 / mean, 1e-6);
}

TEST(IdealThroughput, OfABatchIsItsMakespan) {
    // Ten at 10 ms by four users: three rounds.
    EXPECT_DOUBLE_EQ(ideal_rps(spec_of(PlanKind::batch, 4, "10ms"), 10), 10 / 0.03);
    EXPECT_DOUBLE_EQ(ideal_rps(spec_of(PlanKind::batch, 10, "10ms"), 10), 1000);
    EXPECT_DOUBLE_EQ(ideal_rps(spec_of(PlanKind::batch, 99, "10ms"), 10), 1000);
    EXPECT_DOUBLE_EQ(ideal_rps(spec_of(PlanKind::batch, 1, "10ms"), 10), 100);
}

TEST(IdealThroughput, OfABatchGivesEachRequestToTheUserThatIsFreeFirst) {
    const TrialSpec spec = spec_of(PlanKind::batch, 2, "uniform:1ms,100ms");
    const double first = seconds(spec, 0);
    const double second = seconds(spec, 1);
    const double makespan = std::max(std::max(first, second), std::min(first, second) + seconds(spec, 2));
    EXPECT_NEAR(ideal_rps(spec, 3), 3 / makespan, 1e-6);
}

TEST(IdealThroughput, OfAnOpenLoopIsItsScheduleWhereTheUsersSuffice) {
    // The last of 100 starts after 990 ms and takes 10 ms.
    EXPECT_DOUBLE_EQ(ideal_rps(open_loop(100, 1s, 64, "10ms"), 100), 100);
}

TEST(IdealThroughput, OfAnOpenLoopIsLittlesLawWhereTheyDoNot) {
    EXPECT_DOUBLE_EQ(ideal_rps(open_loop(1000, 1s, 1, "20ms"), 1000), 50);
}

TEST(IdealThroughput, AStalledRequestTakesTheTimeoutAndIsNoResponse) {
    TrialSpec spec = spec_of(PlanKind::closed, 1, "0s");
    spec.profile.faults.stall = 0.5;
    spec.timeout = 2s;
    // For every response, one request that takes two seconds.
    EXPECT_NEAR(ideal_rps(spec, 100'000), 0.5, 0.01);
}

TEST(IdealThroughput, OfAClosedLoopEndsWithItsLastRequest) {
    TrialSpec spec = spec_of(PlanKind::closed, 2, "400ms");
    spec.plan.duration = 1s;
    // Each of two users starts at 0, 400 and 800 ms; the last ends at 1200 ms.
    EXPECT_DOUBLE_EQ(ideal_rps(spec, 6), 5);
}

TEST(IdealThroughput, CountsADribbledRequestTwice) {
    TrialSpec spec = spec_of(PlanKind::closed, 10, "20ms");
    spec.profile.faults.dribble = 1;
    EXPECT_DOUBLE_EQ(ideal_rps(spec, 100), 250);
}

TEST(IdealThroughput, CountsNoRequestLongerThanTheTimeout) {
    TrialSpec spec = spec_of(PlanKind::closed, 10, "20s");
    spec.timeout = 1s;
    EXPECT_DOUBLE_EQ(ideal_rps(spec, 100), 10);
}

TEST(IdealThroughput, OfNothingIsNothing) {
    EXPECT_EQ(ideal_rps(spec_of(PlanKind::closed, 64, "20ms"), 0), 0);
    EXPECT_EQ(ideal_rps(spec_of(PlanKind::batch, 64, "20ms"), 0), 0);
}

TEST(IdealThroughput, IsInfiniteWhereNothingTakesTime) {
    EXPECT_EQ(ideal_rps(spec_of(PlanKind::closed, 64, "0s"), 10), std::numeric_limits<double>::infinity());
    EXPECT_EQ(ideal_rps(spec_of(PlanKind::batch, 64, "0s"), 10), std::numeric_limits<double>::infinity());
}

TEST(IdealThroughput, OfACountThatAForeignProgramMadeUpIsFoundInTime) {
    const std::uint64_t absurd = std::uint64_t{1} << 53;
    EXPECT_NEAR(ideal_rps(spec_of(PlanKind::closed, 64, "20ms"), absurd), 3200, 1);
    EXPECT_NEAR(ideal_rps(spec_of(PlanKind::batch, 64, "20ms"), absurd), 3200, 1);
    EXPECT_GT(ideal_rps(open_loop(100, 1s, 64, "10ms"), absurd), 0);
}

}  // namespace asyncbench::ideal_tests
