#include "harness/engine/connection_schedule.hpp"

#include <gtest/gtest.h>

namespace asyncbench::connection_schedule_tests {

using namespace std::chrono_literals;

TEST(ConnectionSchedule, HasAllConnectionsAllTheTimeWithoutStages) {
    const ConnectionSchedule schedule({}, 50);
    EXPECT_EQ(schedule.at(0s), 50U);
    EXPECT_EQ(schedule.at(1h), 50U);
    EXPECT_EQ(schedule.next_change(0s), Nanoseconds::max());
}

TEST(ConnectionSchedule, FollowsARampAPlateauAndARampDown) {
    const ConnectionSchedule schedule({{0, 10, 10s}, {10, 10, 5s}, {10, 0, 10s}}, 10);
    EXPECT_EQ(schedule.at(-1s), 0U) << "before the first stage";
    EXPECT_EQ(schedule.at(499ms), 0U);
    EXPECT_EQ(schedule.at(500ms), 1U) << "the nearest number";
    EXPECT_EQ(schedule.at(9499ms), 9U);
    EXPECT_EQ(schedule.at(9500ms), 10U);
    EXPECT_EQ(schedule.at(14s), 10U);
    EXPECT_EQ(schedule.at(15501ms), 9U);
    EXPECT_EQ(schedule.at(30s), 0U) << "after the last stage";
}

TEST(ConnectionSchedule, MeetsEachNumberOfARampOnceFromChangeToChange) {
    for (const auto& [from, to] : {std::pair{0, 337}, {337, 0}, {3, 1000}}) {
        const ConnectionSchedule schedule({{double(from), double(to), 7s}}, 1000);
        const int step = from < to ? 1 : -1;
        std::uint32_t last = schedule.at(0s);
        int changes = 0;
        for (Nanoseconds time = schedule.next_change(0s); time < 7s; time = schedule.next_change(time)) {
            ASSERT_LT(++changes, 3000) << "from " << from << " to " << to;
            const std::uint32_t now = schedule.at(time);
            ASSERT_TRUE(now == last || now == last + static_cast<std::uint32_t>(step))
                << last << " to " << now;
            last = now;
        }
        EXPECT_EQ(schedule.at(7s), static_cast<std::uint32_t>(to));
        EXPECT_LE(changes, 2 * std::abs(to - from) + 1);
        EXPECT_EQ(schedule.next_change(7s), Nanoseconds::max());
    }
}

}  // namespace asyncbench::connection_schedule_tests
