#include "harness/engine/send_pace.hpp"

#include <gtest/gtest.h>

namespace asyncbench::send_pace_tests {

using namespace std::chrono_literals;

TEST(SendPace, DividesTheTimeOfACallEvenly) {
    SendPace pace;
    EXPECT_EQ(pace.step(40us, 8), 5us);
    EXPECT_EQ(pace.step(60us, 4), 15us);
}

TEST(SendPace, TakesTheUsualStepWhereTheThreadLostItsCpuWithinTheCall) {
    SendPace pace;
    EXPECT_LE(pace.step(5ms, 50), 11us) << "the first call, too";
    for (int i = 0; i < 200; ++i) pace.step(40us, 8);
    EXPECT_NEAR(static_cast<double>(pace.step(4ms, 8).count()), 5000, 200);
    EXPECT_EQ(pace.step(48us, 8), 6us) << "the next call counts again";
}

TEST(SendPace, BelievesAMachineThatIsSlowForLong) {
    SendPace pace;
    for (int i = 0; i < 200; ++i) pace.step(50us, 1);
    EXPECT_EQ(pace.step(50us, 1), 50us);
}

}  // namespace asyncbench::send_pace_tests
