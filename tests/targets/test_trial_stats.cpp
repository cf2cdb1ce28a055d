#include "targets/trial_stats.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "async/clock.hpp"
#include "harness/measure/histogram_codec.hpp"

namespace asyncbench::trial_stats_tests {

TEST(TrialBook, FindsWhatItBegan) {
    TrialBook book;
    book.begin_or_find("a")->requests = 3;
    EXPECT_EQ(book.begin_or_find("a")->requests, 3u);
    ASSERT_NE(book.find("a"), nullptr);
    EXPECT_EQ(book.find("a")->requests, 3u);
}

TEST(TrialBook, DoesNotRememberWhatItWasOnlyAskedFor) {
    const TrialBook book;
    EXPECT_EQ(book.find("a"), nullptr);
    EXPECT_EQ(book.size(), 0u);
}

TEST(TrialBook, ForgetsTheOldestTrialWhenThereAreTooMany) {
    TrialBook book(3);
    for (int i = 0; i < 5; ++i) book.begin_or_find(fmt::format("t{}", i));
    EXPECT_EQ(book.size(), 3u);
    EXPECT_EQ(book.find("t1"), nullptr);
    EXPECT_NE(book.find("t2"), nullptr);
    EXPECT_NE(book.find("t4"), nullptr);
}

TEST(TrialBook, LetsAForgottenTrialBeginAgainWithNothing) {
    TrialBook book(1);
    book.begin_or_find("a")->requests = 9;
    book.begin_or_find("b");
    EXPECT_EQ(book.begin_or_find("a")->requests, 0u);
}

TEST(TrialBook, KeepsTheStatsOfAForgottenTrialForWhoeverHoldsThem) {
    TrialBook book(1);
    const auto held = book.begin_or_find("a");
    book.begin_or_find("b");
    held->requests = 1;
    EXPECT_EQ(held->requests, 1u);
    EXPECT_EQ(book.find("a"), nullptr);
}

TEST(StatsJson, SaysAllThatWasSeen) {
    TrialStats stats;
    stats.requests = 5;
    stats.connections = 2;
    stats.served.add(7);
    stats.begin_response(Nanoseconds{1'012'345}, Nanoseconds{1'000'000}, true);
    stats.begin_response(Nanoseconds{2'000'000}, Nanoseconds{2'000'000}, false);
    const auto json = nlohmann::json::parse(stats_json("t-1", stats));
    EXPECT_EQ(json.at("trial"), "t-1");
    EXPECT_EQ(json.at("requests"), 5);
    EXPECT_EQ(json.at("connections"), 2);
    EXPECT_EQ(json.at("served").at("count"), 1);
    EXPECT_EQ(json.at("served").at("fingerprint"), fmt::format("{:016x}", mix64(7)));
    EXPECT_EQ(json.at("held"), nlohmann::json::parse(R"({"count":2,"stamped":1,"sum_ns":3012345,
                                                         "intended_sum_ns":3000000})"));
    EXPECT_EQ(stats.delay_error.count(), 2U);
    EXPECT_GE(stats.delay_error.max(), 12345);
    EXPECT_GT(json.at("process_cpu_ns"), 0);
    EXPECT_LE(json.at("clock_ns"), Clock::now().time_since_epoch().count());
    EXPECT_EQ(decode_v2(json.at("delay_error_hdr").get<std::string>()), stats.delay_error);
}

TEST(StatsJson, WritesTheFingerprintWithLeadingZeros) {
    TrialStats stats;
    stats.served.sum = 0xabc;
    EXPECT_EQ(nlohmann::json::parse(stats_json("t", stats)).at("served").at("fingerprint"),
              "0000000000000abc");
}

}  // namespace asyncbench::trial_stats_tests
