#include "harness/engine/seconds.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

namespace asyncbench::seconds_tests {

std::unique_ptr<SecondOfThread> record(std::uint32_t second, std::uint64_t answered, std::int64_t time_ns) {
    auto made = std::make_unique<SecondOfThread>();
    made->second = second;
    made->answered = answered;
    made->response_time_ns.record(time_ns, answered);
    return made;
}

TEST(Seconds, MakesOneOfWhatEachThreadSaw) {
    std::vector<std::uint64_t> told;
    std::int64_t median_of_all = 0;
    Seconds seconds(2, [&](const LoadSoFar& so_far) {
        told.push_back(so_far.second.answered);
        median_of_all = so_far.response_time_ns.value_at_percentile(50);
    });
    std::jthread one([&] {
        seconds.hand_over(0, record(0, 10, 100));
        seconds.hand_over(0, record(1, 20, 100));
        seconds.ended(0);
    });
    std::jthread other([&] {
        seconds.hand_over(1, record(0, 90, 200));
        seconds.hand_over(1, record(2, 1, 300));  // it had no turn in second 1
        seconds.ended(1);
    });
    seconds.run();
    const std::vector<LoadSecond> made = seconds.take();
    EXPECT_THAT(told, testing::ElementsAre(100, 20, 1));
    EXPECT_EQ(median_of_all, 200) << "of 30 with 100, 90 with 200 and one with 300";
    ASSERT_EQ(made.size(), 3U);
    EXPECT_EQ(made[0].p50_ns, 200);
    EXPECT_EQ(made[0].p90_ns, 200);
    EXPECT_EQ(made[1].p99_ns, 100);
    EXPECT_EQ(made[2].second, 2U);
}

TEST(Seconds, GivesBackAnEmptyRecord) {
    Seconds seconds(1, {});
    auto next = seconds.hand_over(0, record(0, 10, 100));
    for (std::uint32_t second = 1; second < 20; ++second) {
        EXPECT_EQ(next->answered, 0U);
        EXPECT_TRUE(next->response_time_ns.empty());
        next->second = second;
        next->answered = second;
        next->response_time_ns.record(second);
        next = seconds.hand_over(0, std::move(next));
    }
    seconds.ended(0);
    seconds.run();
    EXPECT_EQ(seconds.take().size(), 20U);
}

TEST(Seconds, KnowsNoTimeWhereNothingEnded) {
    Seconds seconds(1, {});
    seconds.hand_over(0, record(0, 0, 0));
    seconds.ended(0);
    seconds.run();
    EXPECT_EQ(seconds.take().front().p50_ns, std::nullopt);
}

}  // namespace asyncbench::seconds_tests
