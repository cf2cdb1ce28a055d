#include "targets/route.hpp"

#include <gtest/gtest.h>

#include <string>

namespace asyncbench::route_tests {

using Kind = Route::Kind;

TEST(Route, OfAnIoRequestNamesTrialAndId) {
    const Route route = parse_route("/io/trial-7/42");
    EXPECT_EQ(route.kind, Kind::io);
    EXPECT_EQ(route.trial, "trial-7");
    EXPECT_EQ(route.id, 42u);
}

TEST(Route, TakesTheWholeRangeOfIds) {
    EXPECT_EQ(parse_route("/io/t/0").id, 0u);
    EXPECT_EQ(parse_route("/io/t/18446744073709551615").id, 18446744073709551615u);
    EXPECT_EQ(parse_route("/io/t/18446744073709551616").kind, Kind::unknown);
}

TEST(Route, OfStatsNamesTheTrial) {
    const Route route = parse_route("/stats/a-0");
    EXPECT_EQ(route.kind, Kind::stats);
    EXPECT_EQ(route.trial, "a-0");
}

TEST(Route, KnowsHealth) {
    EXPECT_EQ(parse_route("/healthz").kind, Kind::health);
}

TEST(Route, TakesTrialNamesOfUpTo64Characters) {
    EXPECT_EQ(parse_route("/io/" + std::string(64, 'x') + "/1").kind, Kind::io);
    EXPECT_EQ(parse_route("/io/" + std::string(65, 'x') + "/1").kind, Kind::unknown);
    EXPECT_EQ(parse_route("/stats/" + std::string(65, 'x')).kind, Kind::unknown);
}

class UnknownRoute : public testing::TestWithParam<std::string> {};

TEST_P(UnknownRoute, IsUnknown) {
    EXPECT_EQ(parse_route(GetParam()).kind, Kind::unknown) << GetParam();
}

INSTANTIATE_TEST_SUITE_P(Texts, UnknownRoute,
                         testing::Values("", "/", "*", "/io", "/io/", "/io//1", "/io/t", "/io/t/", "/io/t/x",
                                         "/io/t/-1", "/io/t/+1", "/io/t/ 1", "/io/t/1 ", "/io/t/0x1",
                                         "/io/t/1/", "/io/t/1/2", "/io/t/1?x", "/io/T/1", "/io/t_u/1",
                                         "/io/t%2fu/1", "/io/../1", "/stats", "/stats/", "/stats/t/",
                                         "/stats/T", "/healthz/", "/healthz?", "/health", "healthz",
                                         "//healthz", "io/t/1", std::string("/io/t\0/1", 8),
                                         std::string("/io/t/1\0", 8), "/io/t\xff/1",
                                         "http://target/healthz"));

}  // namespace asyncbench::route_tests
