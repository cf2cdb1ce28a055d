#include <gtest/gtest.h>

#include <algorithm>
#include <mutex>
#include <set>
#include <thread>
#include <vector>

#include "async/errors.hpp"
#include "harness/load/plan.hpp"

namespace asyncbench::plan_tests {

using namespace std::chrono_literals;

Plan batch(std::uint64_t requests) {
    return {{.kind = PlanKind::batch, .concurrency = 8, .requests = requests}, 1, "t"};
}
Plan closed(Nanoseconds duration) {
    return {{.kind = PlanKind::closed, .concurrency = 8, .duration = duration}, 1, "t"};
}
Plan open(double rate_rps, Nanoseconds duration) {
    return {{.kind = PlanKind::open, .concurrency = 8, .duration = duration, .rate_rps = rate_rps}, 1, "t"};
}

/// All ids that several threads get out of the plan, in no order.
std::vector<std::uint64_t> take_all(Plan& plan, int threads) {
    std::mutex mutex;
    std::vector<std::uint64_t> ids;
    {
        std::vector<std::jthread> takers;
        for (int i = 0; i < threads; ++i) {
            takers.emplace_back([&] {
                std::vector<std::uint64_t> own;
                while (const auto ticket = plan.next()) own.push_back(ticket->id);
                const std::lock_guard lock(mutex);
                ids.insert(ids.end(), own.begin(), own.end());
            });
        }
    }
    return ids;
}

/// Whether the ids are 0, 1, 2, ..., each once.
bool each_once(std::vector<std::uint64_t> ids) {
    std::sort(ids.begin(), ids.end());
    for (std::uint64_t i = 0; i < ids.size(); ++i) {
        if (ids[i] != i) return false;
    }
    return true;
}

TEST(BatchPlan, HandsOutEachRequestOnceToEightThreads) {
    Plan plan = batch(20'000);
    plan.start();
    const auto ids = take_all(plan, 8);
    EXPECT_EQ(ids.size(), 20'000U);
    EXPECT_TRUE(each_once(ids));
    EXPECT_EQ(plan.handed_out(), 20'000U);
}

TEST(BatchPlan, MeansAllRequestsToStartAtOnce) {
    Plan plan = batch(3);
    plan.start();
    while (const auto ticket = plan.next()) {
        EXPECT_EQ(ticket->intended_start, plan.started());
        EXPECT_FALSE(ticket->early);
    }
}

TEST(BatchPlan, OfNothingIsDoneAtOnce) {
    Plan plan = batch(0);
    plan.start();
    EXPECT_EQ(plan.next(), std::nullopt);
    EXPECT_EQ(plan.handed_out(), 0U);
}

TEST(ClosedPlan, HandsOutRequestsUntilItsDurationIsOver) {
    Plan plan = closed(20ms);
    plan.start();
    const auto ids = take_all(plan, 2);
    EXPECT_GE(Clock::now() - plan.started(), 20ms);
    EXPECT_TRUE(each_once(ids));
    EXPECT_EQ(plan.handed_out(), ids.size());
}

TEST(ClosedPlan, MeansARequestToStartWhenItIsTaken) {
    Plan plan = closed(1h);
    plan.start();
    const auto before = Clock::now();
    const auto ticket = plan.next();
    ASSERT_TRUE(ticket);
    EXPECT_GE(ticket->intended_start, before);
    EXPECT_LE(ticket->intended_start, Clock::now());
    EXPECT_FALSE(ticket->early);
}

TEST(ClosedPlan, OfNoTimeIsDoneAtOnce) {
    Plan plan = closed(0s);
    plan.start();
    EXPECT_EQ(plan.next(), std::nullopt);
}

TEST(OpenPlan, HandsOutItsScheduleOnceToEightThreads) {
    Plan plan = open(20'000, 1s);
    plan.start();
    const auto ids = take_all(plan, 8);
    EXPECT_EQ(ids.size(), 20'000U);
    EXPECT_TRUE(each_once(ids));
    EXPECT_EQ(plan.handed_out(), 20'000U);
}

TEST(OpenPlan, TellsWhoComesBeforeTheIntendedStart) {
    Plan plan = open(1.0 / 3600, 2h);
    plan.start();
    const auto first = plan.next();
    const auto second = plan.next();
    ASSERT_TRUE(first && second);
    EXPECT_EQ(first->intended_start, plan.started());
    EXPECT_FALSE(first->early);
    EXPECT_EQ(second->intended_start, plan.started() + 1h);
    EXPECT_TRUE(second->early);
}

TEST(OpenPlan, KeepsTheIntendedStartOfARequestThatIsTakenLate) {
    Plan plan = open(1e6, 1ms);
    plan.start();
    std::this_thread::sleep_until(plan.started() + 1ms);
    for (std::uint64_t id = 0; id < 1000; ++id) {
        const auto ticket = plan.next();
        ASSERT_TRUE(ticket);
        EXPECT_EQ(ticket->intended_start, plan.started() + Nanoseconds{1000 * id});
        EXPECT_FALSE(ticket->early);
    }
    EXPECT_EQ(plan.next(), std::nullopt);
}

TEST(OpenPlan, WithoutARateIsRefused) {
    EXPECT_THROW(open(0, 1s), UsageError);
}

TEST(Plan, GivesEachRequestItsNumberAndItsTrial) {
    Plan plan = batch(2);
    plan.start();
    for (const std::uint64_t id : {0U, 1U}) {
        const auto ticket = plan.next();
        EXPECT_EQ(ticket->id, id);
        EXPECT_EQ(ticket->trial, "t");
    }
}

TEST(Plan, BeginsAgainWhenItIsStartedAgain) {
    Plan plan = batch(5);
    plan.start();
    while (plan.next()) {
    }
    plan.start();
    const auto ticket = plan.next();
    ASSERT_TRUE(ticket);
    EXPECT_EQ(ticket->id, 0U);
}

}  // namespace asyncbench::plan_tests
