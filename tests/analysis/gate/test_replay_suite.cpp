#include <gtest/gtest.h>

#include <span>
#include <vector>

#include "analysis/gate/self_test.hpp"
#include "tests/analysis/gate/made_up.hpp"

namespace asyncbench::replay_suite_tests {

using test::MadeUpPair;

std::vector<SamplePair> pairs_of(GateResult& gate, std::size_t subject) {
    std::vector<SamplePair> pairs;
    const auto base = test::samples_of(gate, subject, Arm::base);
    const auto head = test::samples_of(gate, subject, Arm::head);
    for (std::size_t i = 0; i < base.size(); ++i) pairs.push_back({*base[i], *head[i]});
    return pairs;
}

class ReplaySuite : public ::testing::Test {
  protected:
    ReplaySuite() { rules_.looks.pairs = {20, 40}; }

    void measure(std::size_t pairs, MadeUpPair cell = {}, MadeUpPair control = {}) {
        GateResult measured = test::made_up_gate();
        test::add_pairs(measured, test::cell_a, pairs, cell);
        test::add_pairs(measured, test::control, pairs, control);
        for (SamplePair& pair : pairs_of(measured, test::cell_a)) pairs_.push_back(std::move(pair));
        for (SamplePair& pair : pairs_of(measured, test::control)) control_.push_back(std::move(pair));
    }

    std::optional<ReplayedSuite> replay(std::size_t from = 0) const {
        return replay_suite(rules_, gate_.subjects[test::cell_a], std::span(pairs_).subspan(from),
                            gate_.subjects[test::control], std::span(control_).subspan(from));
    }

    GateResult gate_ = test::made_up_gate();
    GateRules rules_ = gate_.rules;
    std::vector<SamplePair> pairs_;
    std::vector<SamplePair> control_;
};

TEST_F(ReplaySuite, WaitsForTheFirstLook) {
    measure(19);
    EXPECT_EQ(replay(), std::nullopt);
    measure(1);
    ASSERT_TRUE(replay());
    EXPECT_EQ(replay()->pairs, 20U);
}

TEST_F(ReplaySuite, PassesWhatDoesNotDifferAtTheFirstLook) {
    measure(100);
    const auto suite = replay();
    ASSERT_TRUE(suite);
    EXPECT_EQ(suite->verdict, Verdict::pass);
    EXPECT_EQ(suite->pairs, 20U);
    EXPECT_FALSE(suite->control_moved);
}

TEST_F(ReplaySuite, ConfirmsAFailureWithPairsThatItHasNotSeen) {
    measure(20, {.p50_ratio = 1.2});
    EXPECT_EQ(replay(), std::nullopt);
    measure(20, {.p50_ratio = 1.2});
    const auto suite = replay();
    ASSERT_TRUE(suite);
    EXPECT_EQ(suite->verdict, Verdict::fail);
    EXPECT_EQ(suite->pairs, 40U);
}

TEST_F(ReplaySuite, DoesNotFailWhatAFreshBatchDoesNotShow) {
    measure(20, {.p50_ratio = 1.2});
    measure(20);
    const auto suite = replay();
    ASSERT_TRUE(suite);
    EXPECT_EQ(suite->verdict, Verdict::inconclusive);
    EXPECT_EQ(suite->pairs, 40U);
}

TEST_F(ReplaySuite, LooksAgainWhereNothingIsDecided) {
    measure(20, {.p50_ratio = 1.1});
    rules_.metrics.front().tolerance = {0.2, 0.1};
    EXPECT_EQ(replay(), std::nullopt);
    measure(20, {.p50_ratio = 1.1});
    ASSERT_TRUE(replay());
    EXPECT_EQ(replay()->pairs, 40U);
    EXPECT_EQ(replay()->verdict, Verdict::inconclusive);
}

TEST_F(ReplaySuite, ConcludesNothingWhereTheControlMoved) {
    measure(100, {.p50_ratio = 1.3}, {.p50_ratio = 1.3});
    const auto suite = replay();
    ASSERT_TRUE(suite);
    EXPECT_TRUE(suite->control_moved);
    EXPECT_EQ(suite->verdict, Verdict::inconclusive);
}

TEST_F(ReplaySuite, OfLaterPairsKnowsNothingOfEarlierOnes) {
    measure(20, {.p50_ratio = 1.5});
    measure(20);
    ASSERT_TRUE(replay(20));
    EXPECT_EQ(replay(20)->verdict, Verdict::pass);
}

SelfTestResult self_test(std::vector<ReplayedSuite> suites) {
    SelfTestResult result;
    result.rules.metrics = {{"service_p50_ns", Lane::paired, {0.05, 0.1}},
                            {"throughput_rps", Lane::paired, {0.05, 0.1}}};
    result.injections.push_back({{"nothing", Injection::Kind::nothing, 0}, {}, std::move(suites), {}});
    return result;
}

ReplayedSuite suite_with(std::string_view metric, double low, double high) {
    GateLine line;
    line.rule = {std::string(metric), Lane::paired, {}};
    line.pairs = 20;
    line.ratio = {1, low, high, 0.99};
    return {Verdict::pass, 20, false, {line}};
}

TEST(SelfTest, SuggestsWhatNineOfTenSuitesWouldHavePassed) {
    std::vector<ReplayedSuite> suites(19, suite_with("service_p50_ns", 0.9, 1.033));
    suites.push_back(suite_with("service_p50_ns", 0.9, 1.5));
    const auto suggested = suggested_tolerances(self_test(suites));
    ASSERT_EQ(suggested.size(), 1U);
    EXPECT_EQ(suggested[0].metric, "service_p50_ns");
    EXPECT_DOUBLE_EQ(suggested[0].tolerance.pass_below, 0.04);
    EXPECT_DOUBLE_EQ(suggested[0].tolerance.fail_from, 0.02);
}

TEST(SelfTest, SuggestsWhatNineOfTenSuitesPassInAllMetricsTogether) {
    std::vector<ReplayedSuite> suites;
    for (int i = 0; i < 20; ++i) {
        ReplayedSuite suite = suite_with("service_p50_ns", 0.9, i < 2 ? 1.1 : 1.03);
        const bool is_slow = i == 2 || i == 3;
        suite.lines.push_back(suite_with("throughput_rps", 1 / (is_slow ? 1.1 : 1.03), 1.1).lines.front());
        suites.push_back(std::move(suite));
    }
    const auto suggested = suggested_tolerances(self_test(suites));
    ASSERT_EQ(suggested.size(), 2U);
    EXPECT_DOUBLE_EQ(suggested[0].tolerance.pass_below, 0.11) << "by less, four of twenty would not pass";
    EXPECT_DOUBLE_EQ(suggested[1].tolerance.pass_below, 0.11);
}

TEST(SelfTest, ReadsARateTheOtherWayRound) {
    const std::vector<ReplayedSuite> suites(10, suite_with("throughput_rps", 0.8, 1.01));
    const auto suggested = suggested_tolerances(self_test(suites));
    ASSERT_EQ(suggested.size(), 1U);
    EXPECT_DOUBLE_EQ(suggested[0].tolerance.pass_below, 0.26);
}

TEST(SelfTest, SuggestsNothingByFewSuitesOrByDisturbedOnes) {
    EXPECT_TRUE(suggested_tolerances(self_test({9, suite_with("service_p50_ns", 0.9, 1.03)})).empty());
    ReplayedSuite disturbed = suite_with("service_p50_ns", 0.9, 1.03);
    disturbed.control_moved = true;
    const std::vector<ReplayedSuite> suites(20, disturbed);
    EXPECT_TRUE(suggested_tolerances(self_test(suites)).empty());
}

TEST(SelfTest, SharesHaveTheIntervalOfClopperAndPearson) {
    EXPECT_EQ(share_of({}, Verdict::fail), std::nullopt);
    std::vector<ReplayedSuite> suites(10);
    suites[3].verdict = Verdict::fail;
    const auto share = share_of(suites, Verdict::fail);
    ASSERT_TRUE(share);
    EXPECT_DOUBLE_EQ(share->value, 0.1);
    EXPECT_NEAR(share->low, 0.0025, 0.0001);
    EXPECT_NEAR(share->high, 0.4450, 0.0001);
}

}  // namespace asyncbench::replay_suite_tests
