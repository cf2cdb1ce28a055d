#include "analysis/gate/judge.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "tests/analysis/gate/made_up.hpp"

namespace asyncbench::judge_tests {

using test::add_pairs;
using test::add_pairs_everywhere;
using test::cell_a;
using test::cell_b;
using test::line_of;
using test::made_up_gate;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr const char* p50 = "service_p50_ns";
constexpr const char* throughput = "throughput_rps";

/// One look at all that was measured.
GateResult judged(GateResult gate) {
    test::look(gate);
    return gate;
}

TEST(Judging, EqualArmsPass) {
    GateResult gate = made_up_gate();
    add_pairs_everywhere(gate, 20);
    gate = judged(std::move(gate));
    test::close(gate);
    EXPECT_EQ(gate.verdict(), Verdict::pass);
    EXPECT_TRUE(gate.usable());
    EXPECT_EQ(open_lines(test::judgement_of(gate)), 0U);
    const GateLine& line = line_of(gate, cell_a, p50);
    EXPECT_EQ(line.pairs, 20U);
    EXPECT_EQ(line.ratios.size(), 20U);
    EXPECT_NEAR(line.ratio.value, 1, 0.01);
    EXPECT_NEAR(line.base.value, 5e6, 5e4);
    EXPECT_THAT(line.reason, HasSubstr("passes below 10 %"));
    EXPECT_FALSE(line.improved);
    ASSERT_TRUE(line.p_worse);
}

TEST(Judging, AHeadThatIsSlowerFails) {
    GateResult gate = made_up_gate();
    add_pairs_everywhere(gate, 20, {.p50_ratio = 1.2});
    gate = judged(std::move(gate));
    EXPECT_EQ(gate.verdict(), Verdict::fail);
    const GateLine& line = line_of(gate, cell_a, p50);
    EXPECT_EQ(line.verdict, Verdict::fail);
    EXPECT_NEAR(line.ratio.value, 1.2, 0.01);
    EXPECT_LE(*line.p_worse, 0.01);
    EXPECT_THAT(line.reason, testing::AllOf(HasSubstr("% worse"), HasSubstr("20 pairs"), HasSubstr("5 %")));
    EXPECT_EQ(line_of(gate, cell_a, throughput).verdict, Verdict::pass);
}

TEST(Judging, LessThroughputIsWorse) {
    GateResult gate = made_up_gate();
    add_pairs_everywhere(gate, 20, {.throughput_ratio = 1 / 1.2});
    gate = judged(std::move(gate));
    const GateLine& line = line_of(gate, cell_b, throughput);
    EXPECT_EQ(line.verdict, Verdict::fail);
    EXPECT_NEAR(line.ratio.value, 1 / 1.2, 0.01);
    EXPECT_LT(line.ratio.low, line.ratio.high);
    EXPECT_EQ(line_of(gate, cell_b, p50).verdict, Verdict::pass);
}

TEST(Judging, AHeadThatIsFasterPassesAndIsCalledBetter) {
    GateResult gate = made_up_gate();
    add_pairs_everywhere(gate, 20, {.p50_ratio = 0.8, .throughput_ratio = 1.25});
    gate = judged(std::move(gate));
    for (const char* metric : {p50, throughput}) {
        EXPECT_EQ(line_of(gate, cell_a, metric).verdict, Verdict::pass);
        EXPECT_TRUE(line_of(gate, cell_a, metric).improved);
    }
}

TEST(Judging, ARatioIsTheMedianOfThePairsRatiosAlsoOfAnEvenNumber) {
    GateResult gate = made_up_gate();
    gate.rules.looks.pairs = {2};
    add_pairs_everywhere(gate, 1);
    add_pairs_everywhere(gate, 1, {.p50_ratio = 1.5, .throughput_ratio = 2});
    gate = judged(std::move(gate));
    for (const char* metric : {p50, throughput}) {
        const GateLine& line = line_of(gate, cell_a, metric);
        ASSERT_EQ(line.ratios.size(), 2U);
        EXPECT_NEAR(line.ratio.value, (line.ratios[0] + line.ratios[1]) / 2, 1e-12) << metric;
    }
    ASSERT_TRUE(gate.control);
    EXPECT_NEAR(gate.control->ratio.value, (gate.control->ratios[0] + gate.control->ratios[1]) / 2, 1e-12);
}

TEST(Judging, ASmallLossThatIsSureIsNoFail) {
    GateResult gate = made_up_gate();
    add_pairs_everywhere(gate, 20, {.p50_ratio = 1.03});
    gate = judged(std::move(gate));
    const GateLine& line = line_of(gate, cell_a, p50);
    EXPECT_EQ(line.verdict, Verdict::pass);
    EXPECT_LT(*line.p_worse, 0.01);
}

TEST(Judging, WhatLiesBetweenIsInconclusive) {
    GateResult gate = made_up_gate();
    gate.rules.metrics.front().tolerance = {0.30, 0.10};
    add_pairs_everywhere(gate, 20, {.p50_ratio = 1.2});
    gate = judged(std::move(gate));
    EXPECT_EQ(line_of(gate, cell_a, p50).verdict, Verdict::inconclusive);
    EXPECT_EQ(gate.verdict(), Verdict::inconclusive);
    EXPECT_TRUE(test::is_open(gate, cell_a));
    EXPECT_EQ(open_lines(test::judgement_of(gate)), 2U);
}

TEST(Judging, FewPairsDecideNothing) {
    GateResult gate = made_up_gate();
    add_pairs_everywhere(gate, 4, {.p50_ratio = 2});
    gate = judged(std::move(gate));
    EXPECT_EQ(line_of(gate, cell_a, p50).verdict, Verdict::inconclusive);
    EXPECT_EQ(line_of(gate, cell_a, throughput).verdict, Verdict::inconclusive);
}

/// p50 alone, of two cells, of which one is slower in six pairs of six.
GateResult six_slow_pairs() {
    GateResult gate = made_up_gate();
    gate.rules.looks.pairs = {6};
    gate.rules.metrics = {{p50, Lane::paired, {}, false}};
    add_pairs(gate, cell_a, 6, {.p50_ratio = 1.2});
    add_pairs(gate, cell_b, 6);
    add_pairs(gate, test::control, 6);
    return gate;
}

TEST(Judging, AFalseFailIsLessLikelyThanAlphaInTheWholeFamily) {
    // Six pairs of six: 1/64, which is enough for one line, and not for four.
    GateResult gate = six_slow_pairs();
    gate.rules.looks.alpha = 0.05;
    EXPECT_EQ(line_of(judged(gate), cell_a, p50).verdict, Verdict::fail);
    gate.rules.metrics.push_back({throughput, Lane::paired, {}, false});
    const GateResult of_four = judged(gate);
    EXPECT_NEAR(*line_of(of_four, cell_a, p50).p_worse, 4.0 / 64, 1e-12);
    EXPECT_EQ(line_of(of_four, cell_a, p50).verdict, Verdict::inconclusive);
}

TEST(Judging, EachLookSpendsItsPartOfAlpha) {
    GateResult gate = six_slow_pairs();
    gate.rules.looks = {{6}, 0.04};
    EXPECT_EQ(line_of(judged(gate), cell_a, p50).verdict, Verdict::fail);
    gate.rules.looks = {{6, 12}, 0.04};
    EXPECT_EQ(line_of(judged(gate), cell_a, p50).verdict, Verdict::inconclusive);
}

TEST(Judging, WhatIsDecidedStays) {
    GateResult gate = made_up_gate();
    add_pairs_everywhere(gate, 20);
    gate = judged(std::move(gate));
    add_pairs_everywhere(gate, 60, {.p50_ratio = 2});
    test::look(gate);
    EXPECT_EQ(line_of(gate, cell_a, p50).verdict, Verdict::pass);
    EXPECT_EQ(line_of(gate, cell_a, p50).pairs, 20U);
    EXPECT_EQ(line_of(gate, cell_a, "service_p99_ns").pairs, 80U);
}

TEST(Judging, NothingIsConcludedWhereTheControlMoved) {
    for (const double moved : {1.07, 0.94}) {
        GateResult gate = made_up_gate();
        add_pairs(gate, cell_a, 20, {.p50_ratio = 1.2});
        add_pairs(gate, cell_b, 20);
        add_pairs(gate, test::control, 20, {.p50_ratio = moved});
        gate = judged(std::move(gate));
        ASSERT_TRUE(gate.control);
        EXPECT_TRUE(gate.control->moved);
        EXPECT_EQ(gate.control->drift.size(), 40U);
        EXPECT_EQ(line_of(gate, cell_a, p50).verdict, Verdict::inconclusive);
        EXPECT_THAT(line_of(gate, cell_a, p50).reason, HasSubstr("control"));
        EXPECT_EQ(line_of(gate, cell_b, p50).verdict, Verdict::inconclusive);
        EXPECT_EQ(line_of(gate, cell_a, "errors").verdict, Verdict::pass);
        EXPECT_EQ(gate.verdict(), Verdict::inconclusive);
    }
}

TEST(Judging, AControlThatMovesLaterUndoesWhatWasDecided) {
    GateResult gate = made_up_gate();
    add_pairs_everywhere(gate, 20, {.p50_ratio = 1.2});
    gate = judged(std::move(gate));
    ASSERT_EQ(gate.verdict(), Verdict::fail);
    add_pairs(gate, test::control, 60, {.p50_ratio = 1.2});
    test::look(gate);
    test::close(gate);
    EXPECT_EQ(gate.verdict(), Verdict::inconclusive);
    EXPECT_THAT(line_of(gate, cell_a, p50).reason, HasSubstr("control"));
}

TEST(Judging, TheControlMayMoveALittle) {
    GateResult gate = made_up_gate();
    add_pairs(gate, cell_a, 20);
    add_pairs(gate, cell_b, 20);
    add_pairs(gate, test::control, 20, {.p50_ratio = 1.03});
    gate = judged(std::move(gate));
    EXPECT_FALSE(gate.control->moved);
    EXPECT_EQ(gate.verdict(), Verdict::pass);
}

TEST(Judging, AMetricThatIsNotToldDecidesNothingWhereItNeedNotBe) {
    GateResult gate = made_up_gate();
    gate.rules.metrics.push_back({"peak_rss_bytes", Lane::paired, {0.1, 0.2}, true});
    add_pairs_everywhere(gate, 20);
    gate = judged(std::move(gate));
    EXPECT_EQ(gate.verdict(), Verdict::pass);
    EXPECT_EQ(line_of(gate, cell_a, "peak_rss_bytes").rule.lane, Lane::paired);
    EXPECT_EQ(line_of(gate, cell_a, "peak_rss_bytes").standing, LineStanding::not_told);
    EXPECT_FALSE(std::isfinite(line_of(gate, cell_a, "peak_rss_bytes").ratio.value));
}

TEST(Judging, AMetricThatWasAskedForAndIsNotToldIsInconclusive) {
    GateResult gate = made_up_gate();
    gate.rules.metrics.push_back({"peak_rss_bytes", Lane::paired, {0.1, 0.2}, false});
    add_pairs_everywhere(gate, 20);
    gate = judged(std::move(gate));
    EXPECT_EQ(gate.verdict(), Verdict::inconclusive);
    EXPECT_THAT(line_of(gate, cell_a, "peak_rss_bytes").reason, HasSubstr("does not tell it"));
    EXPECT_FALSE(test::is_open(gate, cell_a));
}

TEST(Judging, AMetricThatHeadTellsNoMoreIsInconclusive) {
    GateResult gate = made_up_gate();
    gate.rules.metrics.push_back({"peak_rss_bytes", Lane::paired, {0.1, 0.2}, true});
    add_pairs_everywhere(gate, 20);
    for (GateTrial* sample : test::samples_of(gate, cell_a, Arm::base)) {
        sample->metrics["peak_rss_bytes"] = {1e6, {}};
    }
    gate = judged(std::move(gate));
    EXPECT_EQ(line_of(gate, cell_a, "peak_rss_bytes").verdict, Verdict::inconclusive);
    EXPECT_EQ(line_of(gate, cell_a, "peak_rss_bytes").rule.lane, Lane::paired);
    EXPECT_THAT(line_of(gate, cell_a, "peak_rss_bytes").reason, HasSubstr("head does not tell it"));
}

TEST(Judging, AMetricThatIsZeroInOneTrialHasNoRatio) {
    GateResult gate = made_up_gate();
    add_pairs_everywhere(gate, 20);
    test::samples_of(gate, cell_a, Arm::base)[3]->metrics[p50] = {0, {}};
    gate = judged(std::move(gate));
    EXPECT_EQ(line_of(gate, cell_a, p50).verdict, Verdict::inconclusive);
    EXPECT_THAT(line_of(gate, cell_a, p50).reason, HasSubstr("no ratio"));
    EXPECT_EQ(line_of(gate, cell_b, p50).verdict, Verdict::pass);
}

TEST(Judging, WhatStopsBeforeItsLookIsShownAndNotDecided) {
    GateResult gate = made_up_gate();
    gate.rules.budgets = {parse_budget("p50<4ms")};
    add_pairs_everywhere(gate, 12, {.p50_ratio = 2});
    gate.interrupted = gate.stage.stopped = true;
    test::close(gate);
    EXPECT_EQ(gate.verdict(), Verdict::inconclusive);
    EXPECT_NEAR(line_of(gate, cell_a, p50).ratio.value, 2, 0.05);
    EXPECT_EQ(line_of(gate, cell_a, p50).pairs, 12U);
    EXPECT_EQ(line_of(gate, cell_a, p50).reason, "Not all was measured.");
    EXPECT_EQ(line_of(gate, cell_a, "errors").head.value, 0);
    EXPECT_NEAR(gate.budgets.front().value.value, 1e7, 2e5);
    EXPECT_EQ(gate.budgets.front().reason, "Not enough was measured.");
}

TEST(Judging, NothingGatedIsNothingDecided) {
    GateResult gate = made_up_gate();
    gate.rules.metrics = {{p50, Lane::information, {}, true}};
    add_pairs_everywhere(gate, 20);
    gate = judged(std::move(gate));
    EXPECT_EQ(gate.verdict(), Verdict::inconclusive);
    EXPECT_FALSE(test::is_open(gate, cell_a));
}

GateResult failed() {
    GateResult gate = made_up_gate();
    add_pairs(gate, cell_a, 20, {.p50_ratio = 1.2});
    add_pairs(gate, cell_b, 20);
    add_pairs(gate, test::control, 20);
    return judged(std::move(gate));
}

TEST(Confirmation, IsOfTheCellsThatFailed) {
    EXPECT_THAT(pairs_to_confirm(test::judgement_of(failed())), ElementsAre(PairsWanted{cell_a, 20}));
    GateResult gate = made_up_gate();
    add_pairs_everywhere(gate, 20);
    EXPECT_THAT(pairs_to_confirm(test::judgement_of(judged(std::move(gate)))), IsEmpty());
}

TEST(Confirmation, FailsWhatFailsAgain) {
    GateResult gate = failed();
    add_pairs(gate, cell_a, 20, {.p50_ratio = 1.15}, true);
    add_pairs(gate, test::control, 20, {}, true);
    test::confirm(gate);
    const GateLine& line = line_of(gate, cell_a, p50);
    EXPECT_EQ(line.verdict, Verdict::fail);
    ASSERT_TRUE(line.confirmation);
    EXPECT_NEAR(line.confirmation->value, 1.15, 0.01);
    EXPECT_NEAR(line.ratio.value, 1.2, 0.01);
    EXPECT_THAT(line.reason, HasSubstr("Measured again"));
}

TEST(Confirmation, JudgesEachLineByItself) {
    // Six pairs of six: 1/64, which is enough for one line, and not for two.
    GateResult gate = made_up_gate();
    gate.rules.looks = {{20}, 0.02};
    add_pairs_everywhere(gate, 20, {.p50_ratio = 1.2});
    gate = judged(std::move(gate));
    add_pairs(gate, cell_a, 6, {.p50_ratio = 1.2}, true);
    add_pairs(gate, cell_b, 6, {.p50_ratio = 1.2}, true);
    add_pairs(gate, test::control, 6, {}, true);
    test::confirm(gate);
    EXPECT_EQ(line_of(gate, cell_a, p50).verdict, Verdict::fail);
    EXPECT_EQ(line_of(gate, cell_b, p50).verdict, Verdict::fail);
}

TEST(Confirmation, LetsGoWhatDoesNotFailAgain) {
    GateResult gate = failed();
    add_pairs(gate, cell_a, 20, {.p50_ratio = 1.01}, true);
    add_pairs(gate, test::control, 20, {}, true);
    test::confirm(gate);
    EXPECT_EQ(line_of(gate, cell_a, p50).verdict, Verdict::inconclusive);
    EXPECT_THAT(line_of(gate, cell_a, p50).reason, HasSubstr("Not confirmed"));
    EXPECT_EQ(line_of(gate, cell_b, p50).verdict, Verdict::pass);
    EXPECT_EQ(gate.verdict(), Verdict::inconclusive);
}

TEST(Confirmation, LetsGoWhereTheControlMovedMeanwhile) {
    GateResult gate = failed();
    add_pairs(gate, cell_a, 20, {.p50_ratio = 1.2}, true);
    add_pairs(gate, test::control, 20, {.p50_ratio = 1.2}, true);
    test::confirm(gate);
    EXPECT_EQ(line_of(gate, cell_a, p50).verdict, Verdict::inconclusive);
    EXPECT_THAT(line_of(gate, cell_a, p50).reason, HasSubstr("control"));
}

TEST(Confirmation, LetsGoWhatCouldNotBeMeasuredAgain) {
    GateResult gate = failed();
    test::confirm(gate);
    EXPECT_EQ(line_of(gate, cell_a, p50).verdict, Verdict::inconclusive);
    EXPECT_THAT(line_of(gate, cell_a, p50).reason, HasSubstr("Not confirmed"));
}

}  // namespace asyncbench::judge_tests
