#include "harness/work/profile.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <limits>
#include <string>

#include "async/errors.hpp"

namespace asyncbench::profile_tests {

using namespace std::chrono_literals;

TEST(FaultShares, AreReadByName) {
    const FaultShares shares = FaultShares::parse("close:0.01,stall:0.001,truncate:0.02,dribble:0.5");
    EXPECT_EQ(shares.close, 0.01);
    EXPECT_EQ(shares.stall, 0.001);
    EXPECT_EQ(shares.truncate, 0.02);
    EXPECT_EQ(shares.dribble, 0.5);
    EXPECT_EQ(FaultShares::parse(""), FaultShares());
}

TEST(FaultShares, AreWrittenAsTheyAreRead) {
    const FaultShares shares = FaultShares::parse("stall:0.001,close:0.01");
    EXPECT_EQ(shares.text(), "close:0.01,stall:0.001");
    EXPECT_EQ(FaultShares::parse(shares.text()), shares);
    EXPECT_EQ(FaultShares().text(), "");
}

TEST(FaultShares, RefuseEverythingElse) {
    for (const char* text : {"close",
                             "close:",
                             ":0.1",
                             "close=0.1",
                             "Close:0.1",
                             "explode:0.1",
                             "close:-0.1",
                             "close:x",
                             "close:105%",
                             "close:0.1;stall:0.1",
                             ",",
                             "close:0.1,",
                             ",close:0.1",
                             "close:0.1,,stall:0.1",
                             "close:0.1,close:0.2",
                             "close:0.1 ",
                             " close:0.1",
                             "close:inf",
                             "close:nan",
                             "close:1e-3",
                             "close:0.1:0.2"}) {
        EXPECT_THROW(FaultShares::parse(text), UsageError) << text;
    }
}

TEST(CheckProfile, TakesSharesThatSumToOne) {
    Profile profile;
    EXPECT_NO_THROW(check(profile));
    profile.error_rate = 0.7;
    profile.faults = FaultShares::parse("close:0.1,truncate:0.1,stall:0.05,dribble:0.05");
    EXPECT_NO_THROW(check(profile));
    profile.error_rate = 0.3;
    profile.faults = FaultShares::parse("close:0.6,truncate:0.1");
    EXPECT_NO_THROW(check(profile));
}

TEST(CheckProfile, RefusesSharesThatAreNone) {
    Profile profile;
    for (const double rate :
         {-0.1, 1.1, std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity()}) {
        profile.error_rate = rate;
        EXPECT_THROW(check(profile), UsageError) << rate;
    }
    profile.error_rate = 0.5;
    profile.faults.close = 0.6;
    EXPECT_THROW(check(profile), UsageError);
    profile.faults.close = -0.1;
    EXPECT_THROW(check(profile), UsageError);
    profile.faults.close = std::numeric_limits<double>::quiet_NaN();
    EXPECT_THROW(check(profile), UsageError);
}

TEST(CheckProfile, LimitsPayloadAndCompute) {
    Profile profile;
    profile.payload_bytes = std::uint64_t{1} << 30;
    profile.compute = 10s;
    EXPECT_NO_THROW(check(profile));
    profile.compute = 10s + 1ns;
    EXPECT_THROW(check(profile), UsageError);
    profile.compute = -1ns;
    EXPECT_THROW(check(profile), UsageError);
    profile.compute = 0s;
    ++profile.payload_bytes;
    EXPECT_THROW(check(profile), UsageError);
}

}  // namespace asyncbench::profile_tests
