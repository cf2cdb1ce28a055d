#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "analysis/gate/judge_counts.hpp"

namespace asyncbench::judge_counts_tests {

using ::testing::HasSubstr;

GateLine judged(const std::string& metric, double tolerance, CountedRuns runs) {
    GateLine line;
    line.rule = {metric, Lane::deterministic, {tolerance, tolerance}, true};
    judge_counts(line, runs);
    return line;
}

GateLine instructions(std::vector<double> base, std::vector<double> head) {
    return judged("instructions_per_request", 0.02, {std::move(base), std::move(head), "", ""});
}

GateLine allocations(std::vector<double> base, std::vector<double> head) {
    return judged("allocations_per_request", 0, {std::move(base), std::move(head), "", ""});
}

TEST(JudgeCounts, FailsWhereEachRunOfHeadIsWorseAndTheMedianByTheTolerance) {
    const GateLine line = instructions({1000, 1001, 999}, {1020, 1021, 1019});
    EXPECT_EQ(line.verdict, Verdict::fail);
    EXPECT_DOUBLE_EQ(line.ratio.value, 1.02);
    EXPECT_DOUBLE_EQ(line.ratio.low, 1019.0 / 1001);
    EXPECT_DOUBLE_EQ(line.ratio.high, 1021.0 / 999);
    EXPECT_EQ(line.pairs, 3U);
    EXPECT_THAT(line.reason, HasSubstr("2.00 % more"));
}

TEST(JudgeCounts, PassesWhatIsWorseByLessThanTheTolerance) {
    const GateLine line = instructions({1000, 1001, 999}, {1018, 1019, 1017});
    EXPECT_EQ(line.verdict, Verdict::pass);
    EXPECT_FALSE(line.improved);
}

TEST(JudgeCounts, DecidesNothingWhereOneRunOfHeadIsNoWorseThanOneOfBase) {
    EXPECT_EQ(instructions({1000, 1021, 999}, {1021, 1022, 1025}).verdict, Verdict::inconclusive);
}

TEST(JudgeCounts, DecidesNothingWhereTheRunsOfAnArmDifferByMoreThanTwiceTheTolerance) {
    const GateLine line = instructions({1000, 1045, 1001}, {1000, 1001, 1002});
    EXPECT_EQ(line.verdict, Verdict::inconclusive);
    EXPECT_THAT(line.reason, HasSubstr("4.5 %"));
}

TEST(JudgeCounts, SeesAnImprovementWhereAFailureWouldBeSeen) {
    EXPECT_TRUE(instructions({1000, 1001, 999}, {900, 901, 902}).improved);
    EXPECT_EQ(instructions({1000, 1001, 999}, {900, 901, 902}).verdict, Verdict::pass);
    EXPECT_FALSE(instructions({1000, 1001, 999}, {990, 991, 992}).improved);
    EXPECT_FALSE(instructions({1000, 900, 999}, {900, 901, 902}).improved);
}

TEST(JudgeCounts, ReadsAMetricThatIsBetterHighTheOtherWayRound) {
    const auto rate = [](std::vector<double> base, std::vector<double> head) {
        return judged("throughput_rps", 0.02, {std::move(base), std::move(head), "", ""}).verdict;
    };
    EXPECT_EQ(rate({1000, 1000, 1000}, {900, 901, 902}), Verdict::fail);
    EXPECT_EQ(rate({900, 901, 902}, {1000, 1000, 1000}), Verdict::pass);
}

TEST(JudgeCounts, OfAnExactCountFailsOneMoreInAThousand) {
    EXPECT_EQ(allocations({38.001, 38.001, 38.001}, {38.002, 38.002, 38.002}).verdict, Verdict::fail);
    EXPECT_EQ(allocations({38, 38, 38}, {38, 38, 38}).verdict, Verdict::pass);
}

TEST(JudgeCounts, OfAnExactCountPassesFewer) {
    const GateLine line = allocations({38, 38, 38}, {37, 37, 37});
    EXPECT_EQ(line.verdict, Verdict::pass);
    EXPECT_TRUE(line.improved);
}

TEST(JudgeCounts, OfAnExactCountDecidesNothingWhereRunsDiffer) {
    for (const GateLine& line :
         {allocations({38, 38, 38.1}, {38.2, 38.2, 38.2}), allocations({38, 38, 38}, {37.9, 37.8, 38})}) {
        EXPECT_EQ(line.standing, LineStanding::not_exact);
        EXPECT_EQ(line.rule.lane, Lane::deterministic);
        EXPECT_FALSE(line.decides());
        EXPECT_THAT(line.reason, HasSubstr("decides nothing"));
    }
}

TEST(JudgeCounts, OfAnExactCountIsInconclusiveWhereHeadAloneHasMoreAtTimes) {
    const GateLine line = allocations({38, 38, 38}, {38, 38.3, 38.2});
    EXPECT_EQ(line.verdict, Verdict::inconclusive);
    EXPECT_TRUE(line.decides());
}

TEST(JudgeCounts, OfTheWorkItselfPassesWhatIsEqualAndJudgesNoOther) {
    const auto requests = [](std::vector<double> base, std::vector<double> head) {
        return judged("requests", 0, {std::move(base), std::move(head), "", ""}).verdict;
    };
    EXPECT_EQ(requests({300, 300, 300}, {300, 300, 300}), Verdict::pass);
    EXPECT_EQ(requests({300, 300, 300}, {310, 310, 310}), Verdict::inconclusive);
    EXPECT_EQ(requests({300, 300, 300}, {290, 290, 290}), Verdict::inconclusive);
    EXPECT_EQ(requests({300, 301, 300}, {390, 380, 380}), Verdict::inconclusive);
}

TEST(JudgeCounts, OfARunThatWasLostJudgesNothing) {
    CountedRuns runs{{}, {16, 16, 16}, "", ""};
    runs.lost = "1 of 3 trials of base were lost.";
    const GateLine line = judged("connections_opened", 0, runs);
    EXPECT_EQ(line.verdict, Verdict::inconclusive);
    EXPECT_TRUE(line.decides());
    EXPECT_EQ(line.reason, runs.lost);
}

TEST(JudgeCounts, OfAnExactCountThatIsNotTheSameEachTimeFailsWhatIsBeyondItsNoise) {
    const GateLine line = allocations({38, 38.1, 38}, {45, 44, 46});
    EXPECT_EQ(line.rule.lane, Lane::deterministic);
    EXPECT_EQ(line.verdict, Verdict::fail);
}

TEST(JudgeCounts, FromNothingToSomethingFailsWithoutARatio) {
    const GateLine line = judged("connections_opened", 0, {{0, 0, 0}, {16, 16, 16}, "", ""});
    EXPECT_EQ(line.verdict, Verdict::fail);
    EXPECT_TRUE(std::isnan(line.ratio.value));
    EXPECT_TRUE(line.ratios.empty());
    EXPECT_THAT(line.reason, HasSubstr("where base has none"));
    EXPECT_EQ(judged("connections_opened", 0, {{0, 0, 0}, {0, 0, 0}, "", ""}).verdict, Verdict::pass);
}

TEST(JudgeCounts, WhatBaseDoesNotTellDecidesNothing) {
    const GateLine line = judged("instructions_per_request", 0.02, {{}, {1, 1, 1}, "no counters", ""});
    EXPECT_EQ(line.standing, LineStanding::not_told);
    EXPECT_EQ(line.rule.lane, Lane::deterministic);
    EXPECT_THAT(line.reason, HasSubstr("no counters"));
}

TEST(JudgeCounts, WhatHeadAloneDoesNotTellIsInconclusive) {
    const GateLine line = judged("allocations_per_request", 0, {{1, 1, 1}, {}, "", "it crashed"});
    EXPECT_EQ(line.rule.lane, Lane::deterministic);
    EXPECT_EQ(line.verdict, Verdict::inconclusive);
    EXPECT_THAT(line.reason, HasSubstr("it crashed"));
}

TEST(JudgeCounts, NeverPassesWhereARunToldNothing) {
    const GateLine line = judged("allocations_per_request", 0, {{1, 1, 1}, {1, 1}, "", "it crashed"});
    EXPECT_EQ(line.verdict, Verdict::inconclusive);
}

}  // namespace asyncbench::judge_counts_tests
