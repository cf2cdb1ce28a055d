// What trials that were lost, disturbed or did other work make of a verdict.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <string>
#include <utility>

#include "analysis/gate/judge.hpp"
#include "tests/analysis/gate/made_up.hpp"

namespace asyncbench::cells_that_went_wrong_tests {

using test::add_pairs_everywhere;
using test::cell_a;
using test::cell_b;
using test::find_warning;
using test::line_of;
using test::made_up_gate;
using test::MadeUpPair;
using test::samples_of;
using testing::AllOf;
using testing::HasSubstr;

constexpr const char* p50 = "service_p50_ns";

GateResult twenty_pairs(MadeUpPair pair = {}) {
    GateResult gate = made_up_gate();
    add_pairs_everywhere(gate, 20, pair);
    return gate;
}

GateResult closed(GateResult gate) {
    test::look(gate);
    test::close(gate);
    return gate;
}

void lose(GateTrial& sample) {
    sample.failure = "It crashed.";
    sample.metrics.clear();
}

void fail_requests(GateTrial& sample, double count) {
    sample.metrics[std::string(unforeseen_errors_metric)] = {count, {}};
}

TEST(FailedRequests, AreToldWithTheirReasons) {
    for (const auto& [arm, code] :
         {std::pair{Arm::base, "base-errors"}, std::pair{Arm::head, "head-errors"}}) {
        GateResult gate = twenty_pairs();
        GateTrial& sample = *samples_of(gate, cell_a, arm)[7];
        fail_requests(sample, 3);
        sample.errors.status = 2;
        sample.errors.closed = 1;
        sample.endings.statuses = {{200, 297}, {503, 2}};
        sample.endings.add({ErrorClass::closed, "Connection reset by peer", 1});
        gate = closed(std::move(gate));
        const GateLine& line = line_of(gate, cell_a, arm == Arm::base ? p50 : "errors");
        EXPECT_THAT(line.reason, AllOf(HasSubstr("3 of 6000 requests of"),
                                       HasSubstr("2 × status 503 (Service Unavailable)"),
                                       HasSubstr("1 × closed: Connection reset by peer")));
    }
}

TEST(Redirects, AreNotedOfTheArmThatMeetsThem) {
    GateResult gate = twenty_pairs();
    for (GateTrial* sample : samples_of(gate, cell_a, Arm::head))
        sample->warnings.push_back({"all-redirect", "Every response redirects.", WarningKind::note});
    gate = closed(std::move(gate));
    ASSERT_NE(find_warning(gate, "all-redirect"), nullptr);
    EXPECT_EQ(find_warning(gate, "all-redirect")->kind, WarningKind::note);
    EXPECT_TRUE(gate.usable());
}

TEST(LostTrial, OfEitherArmKeepsItsCellFromPassingAndIsNotValid) {
    for (const auto& [arm, name] : {std::pair{Arm::base, "base"}, std::pair{Arm::head, "head"}}) {
        GateResult gate = twenty_pairs();
        lose(*samples_of(gate, cell_a, arm)[7]);
        gate = closed(std::move(gate));
        const GateLine& line = line_of(gate, cell_a, p50);
        EXPECT_EQ(line.verdict, Verdict::inconclusive);
        EXPECT_EQ(line.pairs, 19U);
        EXPECT_THAT(line.reason, AllOf(HasSubstr("1 of 20"), HasSubstr(name), HasSubstr("It crashed.")));
        EXPECT_EQ(line_of(gate, cell_b, p50).verdict, Verdict::pass);
        EXPECT_EQ(gate.verdict(), Verdict::inconclusive);
        EXPECT_FALSE(gate.usable());
        ASSERT_NE(find_warning(gate, "trials-lost"), nullptr);
        EXPECT_THAT(find_warning(gate, "trials-lost")->message, AllOf(HasSubstr("a at 16"), HasSubstr(name)));
    }
}

void make_unavailable(GateResult& gate, std::size_t subject, Arm arm) {
    for (GateTrial* sample : samples_of(gate, subject, arm)) {
        static_cast<Trial&>(*sample) = Trial::of_unavailable("Disks have no client on a loop.");
    }
}

bool has_lines(const GateResult& gate, std::size_t subject) {
    return std::any_of(gate.lines.begin(), gate.lines.end(),
                       [&](const GateLine& line) { return line.subject == subject; });
}

TEST(UnavailableStrategy, InBothArmsIsANoteAndDecidesNothing) {
    GateResult gate = twenty_pairs();
    for (const Arm arm : {Arm::base, Arm::head}) make_unavailable(gate, cell_a, arm);
    gate = closed(std::move(gate));
    EXPECT_FALSE(has_lines(gate, cell_a));
    EXPECT_FALSE(test::is_open(gate, cell_a));
    EXPECT_EQ(gate.verdict(), Verdict::pass) << "of the other cell";
    ASSERT_NE(find_warning(gate, "unavailable"), nullptr);
    EXPECT_EQ(find_warning(gate, "unavailable")->message,
              "a at 16 is unavailable and not compared: Disks have no client on a loop.");
    EXPECT_EQ(find_warning(gate, "trials-lost"), nullptr);
}

TEST(UnavailableStrategy, InOneArmIsALossThatMorePairsDoNotMend) {
    for (const auto& [arm, name] : {std::pair{Arm::base, "base"}, std::pair{Arm::head, "head"}}) {
        GateResult gate = twenty_pairs();
        make_unavailable(gate, cell_a, arm);
        gate = closed(std::move(gate));
        const std::string why = std::string(name) + " has no client for this work: Disks have no client";
        EXPECT_EQ(line_of(gate, cell_a, p50).verdict, Verdict::inconclusive);
        EXPECT_THAT(line_of(gate, cell_a, p50).reason, HasSubstr(why));
        EXPECT_FALSE(test::is_open(gate, cell_a));
        EXPECT_FALSE(gate.usable());
        ASSERT_NE(find_warning(gate, "trials-lost"), nullptr);
        EXPECT_THAT(find_warning(gate, "trials-lost")->message, HasSubstr(why));
    }
}

TEST(LostTrial, ThatComesAfterAPassUndoesIt) {
    GateResult gate = twenty_pairs();
    test::look(gate);
    ASSERT_EQ(line_of(gate, cell_a, p50).verdict, Verdict::pass);
    add_pairs_everywhere(gate, 20);
    lose(*samples_of(gate, cell_a, Arm::head).back());
    test::look(gate);
    test::close(gate);
    EXPECT_EQ(line_of(gate, cell_a, p50).verdict, Verdict::inconclusive);
    EXPECT_EQ(line_of(gate, cell_b, p50).verdict, Verdict::pass);
}

TEST(LostTrial, OfTheControlIsToldAndLeavesTheCellsAlone) {
    GateResult gate = twenty_pairs();
    lose(*samples_of(gate, test::control, Arm::head)[7]);
    gate = closed(std::move(gate));
    EXPECT_EQ(gate.verdict(), Verdict::pass);
    ASSERT_NE(find_warning(gate, "trials-lost"), nullptr);
}

TEST(LostTrial, OfHeadDoesNotHideThatItIsSlower) {
    GateResult gate = twenty_pairs({.p50_ratio = 1.2});
    lose(*samples_of(gate, cell_a, Arm::head)[7]);
    EXPECT_EQ(line_of(closed(std::move(gate)), cell_a, p50).verdict, Verdict::fail);
}

TEST(DisturbedTrial, CountsAllTheSame) {
    GateResult gate = twenty_pairs();
    for (std::size_t i = 0; i < 10; ++i) {
        samples_of(gate, cell_a, Arm::head)[i]->warnings = {
            {"machine-busy", "It was busy.", WarningKind::disturbed}};
    }
    gate = closed(std::move(gate));
    EXPECT_EQ(line_of(gate, cell_a, p50).pairs, 20U);
    EXPECT_EQ(gate.verdict(), Verdict::pass);
    EXPECT_TRUE(gate.usable());
}

GateResult with_most_trials_limited(Arm arm, MadeUpPair pair) {
    GateResult gate = twenty_pairs(pair);
    for (std::size_t i = 0; i < 11; ++i) {
        samples_of(gate, cell_a, arm)[i]->warnings = {
            {"target-saturated", "It was too much.", WarningKind::limited}};
    }
    return closed(std::move(gate));
}

TEST(DisturbedTrial, DoesNotKeepItsCellFromPassingBecausePairsMeetTheSameMachine) {
    for (const char* code : {"machine-busy", "steal"}) {
        GateResult gate = twenty_pairs();
        for (const Arm arm : {Arm::base, Arm::head}) {
            for (GateTrial* sample : samples_of(gate, cell_a, arm)) {
                sample->warnings = {{code, "It was too much.", WarningKind::disturbed}};
            }
        }
        gate = closed(std::move(gate));
        EXPECT_TRUE(gate.usable());
        EXPECT_EQ(gate.verdict(), Verdict::pass);
        ASSERT_NE(find_warning(gate, "machine-disturbed"), nullptr);
        EXPECT_THAT(find_warning(gate, "machine-disturbed")->message, HasSubstr("40 of"));
    }
}

TEST(DisturbedTrial, IsNotToldOfWhereItIsOneInTen) {
    GateResult gate = twenty_pairs();
    samples_of(gate, cell_a, Arm::head)[0]->warnings = {
        {"machine-busy", "It was busy.", WarningKind::disturbed}};
    gate = closed(std::move(gate));
    EXPECT_EQ(find_warning(gate, "machine-disturbed"), nullptr);
}

TEST(SaturatedLoop, IsWhatTheArmsAreComparedBy) {
    GateResult gate = twenty_pairs();
    for (const Arm arm : {Arm::base, Arm::head}) {
        for (GateTrial* sample : samples_of(gate, cell_a, arm))
            sample->warnings = {{"loop-saturated", "It computed all the time.", WarningKind::limited}};
    }
    gate = closed(std::move(gate));
    EXPECT_TRUE(gate.usable());
    EXPECT_EQ(gate.verdict(), Verdict::pass);
}

TEST(SaturatedTarget, KeepsItsCellFromPassing) {
    for (const Arm arm : {Arm::base, Arm::head}) {
        const GateResult gate = with_most_trials_limited(arm, {});
        EXPECT_FALSE(gate.usable());
        EXPECT_EQ(gate.verdict(), Verdict::inconclusive);
        EXPECT_EQ(line_of(gate, cell_a, p50).verdict, Verdict::inconclusive);
        EXPECT_THAT(line_of(gate, cell_a, p50).reason, AllOf(HasSubstr("11 of 20"), HasSubstr("too much")));
        EXPECT_EQ(line_of(gate, cell_b, p50).verdict, Verdict::pass);
        EXPECT_EQ(find_warning(gate, "cell-wrong")->kind, WarningKind::wrong);
    }
}

TEST(SaturatedTarget, DoesNotHideThatHeadIsSlower) {
    const GateResult gate = with_most_trials_limited(Arm::head, {.p50_ratio = 1.2});
    EXPECT_FALSE(gate.usable());
    EXPECT_EQ(gate.verdict(), Verdict::fail);
}

TEST(LostTrial, IsNotOutvotedByTheFewThatWereNot) {
    GateResult gate = twenty_pairs({.p50_ratio = 1.2});
    for (std::size_t i = 0; i < 11; ++i) {
        samples_of(gate, cell_a, Arm::base)[i]->warnings = {
            {"work-mismatch", "It was other work.", WarningKind::wrong}};
    }
    gate = closed(std::move(gate));
    EXPECT_EQ(line_of(gate, cell_a, p50).verdict, Verdict::inconclusive);
    EXPECT_FALSE(gate.usable());
}

TEST(OtherWork, OfOneTrialOfEitherArmIsNotCompared) {
    for (const Arm arm : {Arm::base, Arm::head}) {
        for (const char* code : {"work-mismatch", "other-ids", "wrong-content"}) {
            GateResult gate = twenty_pairs({.p50_ratio = 1.2});
            samples_of(gate, cell_a, arm)[2]->warnings = {{code, "It was other work.", WarningKind::wrong}};
            gate = closed(std::move(gate));
            EXPECT_EQ(line_of(gate, cell_a, p50).verdict, Verdict::inconclusive) << code;
            EXPECT_FALSE(gate.usable());
            ASSERT_NE(find_warning(gate, "work-differs"), nullptr) << code;
            EXPECT_THAT(find_warning(gate, "work-differs")->message, HasSubstr("It was other work."));
            EXPECT_FALSE(test::is_open(gate, cell_a));
        }
    }
}

TEST(OtherWork, OfTenInTwentyTrialsIsNotValid) {
    GateResult gate = twenty_pairs();
    for (std::size_t i = 0; i < 20; i += 2) {
        samples_of(gate, cell_a, Arm::base)[i]->warnings = {
            {"other-ids", "It was other work.", WarningKind::wrong}};
    }
    gate = closed(std::move(gate));
    EXPECT_FALSE(gate.usable());
    EXPECT_EQ(gate.verdict(), Verdict::inconclusive);
}

TEST(OtherWork, AfterAFailIsNotComparedEither) {
    GateResult gate = twenty_pairs({.p50_ratio = 1.2});
    test::look(gate);
    ASSERT_EQ(line_of(gate, cell_a, p50).verdict, Verdict::fail);
    test::add_pairs(gate, cell_a, 20, {.p50_ratio = 1.2}, true);
    test::add_pairs(gate, cell_b, 20, {.p50_ratio = 1.2}, true);
    test::add_pairs(gate, test::control, 20, {}, true);
    samples_of(gate, cell_a, Arm::head).back()->metrics["requests"] = {290, {}};
    test::confirm(gate);
    test::close(gate);
    EXPECT_EQ(line_of(gate, cell_a, p50).verdict, Verdict::inconclusive);
    EXPECT_EQ(line_of(gate, cell_b, p50).verdict, Verdict::fail);
    EXPECT_NE(find_warning(gate, "work-differs"), nullptr);
}

TEST(ImpossibleTime, LosesItsTrial) {
    GateResult gate = twenty_pairs();
    samples_of(gate, cell_a, Arm::base)[2]->warnings = {
        {"elapsed-impossible", "Which clock?", WarningKind::wrong}};
    gate = closed(std::move(gate));
    EXPECT_EQ(line_of(gate, cell_a, p50).pairs, 19U);
    EXPECT_FALSE(gate.usable());
    EXPECT_NE(find_warning(gate, "trials-lost"), nullptr);
}

TEST(OtherWork, OfHeadIsNotValid) {
    GateResult gate = twenty_pairs();
    for (GateTrial* sample : samples_of(gate, cell_a, Arm::head)) sample->metrics["requests"] = {290, {}};
    gate = closed(std::move(gate));
    EXPECT_FALSE(gate.usable());
    EXPECT_NE(gate.verdict(), Verdict::pass);
    EXPECT_THAT(find_warning(gate, "work-differs")->message,
                AllOf(HasSubstr("head"), HasSubstr("290"), HasSubstr("300")));
    EXPECT_THAT(line_of(gate, cell_a, p50).reason, HasSubstr("other work"));
    EXPECT_FALSE(test::is_open(gate, cell_a));
}

TEST(OtherWork, InOneTrialIsEnough) {
    GateResult gate = twenty_pairs();
    samples_of(gate, cell_a, Arm::base)[4]->metrics["requests"] = {301, {}};
    gate = closed(std::move(gate));
    EXPECT_FALSE(gate.usable());
    EXPECT_THAT(find_warning(gate, "work-differs")->message, HasSubstr("base"));
}

/// Twenty pairs whose answers have these lengths, in the order measured.
GateResult answered_with(const std::function<double(std::size_t trial)>& bytes_of) {
    GateResult gate = twenty_pairs();
    for (const std::size_t subject : {cell_a, cell_b}) {
        for (const Arm arm : {Arm::base, Arm::head}) {
            std::size_t trial = arm == Arm::base ? 0 : 1;
            for (GateTrial* sample : samples_of(gate, subject, arm)) {
                sample->metrics["response_bytes_per_request"] = {bytes_of(trial), {}};
                trial += 2;
            }
        }
    }
    return gate;
}

TEST(OtherWork, OfAServerThatAnswersWithLessInOneTrialIsNotCompared) {
    for (const Arm arm : {Arm::base, Arm::head}) {
        GateResult gate = answered_with([](std::size_t) { return 1024; });
        samples_of(gate, cell_a, arm)[7]->metrics["response_bytes_per_request"] = {973, {}};
        gate = closed(std::move(gate));
        EXPECT_FALSE(gate.usable());
        EXPECT_NE(gate.verdict(), Verdict::pass);
        ASSERT_NE(find_warning(gate, "work-differs"), nullptr);
        EXPECT_THAT(find_warning(gate, "work-differs")->message,
                    AllOf(HasSubstr(std::string(name_of(arm)) + " is answered with 973"),
                          HasSubstr("1 of its 20"), HasSubstr("1024 are usual")));
    }
}

TEST(OtherWork, IsNotSeenInAnswersWhoseLengthVariesInBothArms) {
    // Within 20 % of each other, evenly spread.
    const GateResult gate = closed(
        answered_with([](std::size_t trial) { return 900 + 5.0 * static_cast<double>(trial * 7 % 40); }));
    EXPECT_EQ(find_warning(gate, "work-differs"), nullptr);
    EXPECT_EQ(gate.verdict(), Verdict::pass);
}

TEST(OtherWork, IsNotSeenInADigitMore) {
    const GateResult gate = closed(answered_with([](std::size_t trial) { return trial == 9 ? 1028 : 1024; }));
    EXPECT_EQ(find_warning(gate, "work-differs"), nullptr);
}

TEST(OtherWork, IsNotToBeSeenWhereThePlanFixesNoNumber) {
    GateResult gate = twenty_pairs();
    gate.subjects[cell_a].requests = 0;
    samples_of(gate, cell_a, Arm::base)[4]->metrics["requests"] = {301, {}};
    EXPECT_EQ(closed(std::move(gate)).verdict(), Verdict::pass);
}

TEST(FailedRequests, OfHeadFail) {
    GateResult gate = twenty_pairs();
    fail_requests(*samples_of(gate, cell_a, Arm::head)[4], 3);
    gate = closed(std::move(gate));
    EXPECT_EQ(gate.verdict(), Verdict::fail);
    EXPECT_TRUE(gate.usable());
    const GateLine& line = line_of(gate, cell_a, "errors");
    EXPECT_EQ(line.verdict, Verdict::fail);
    EXPECT_EQ(line.base.value, 0);
    EXPECT_EQ(line.head.value, 3);
    EXPECT_THAT(line.reason, HasSubstr("3 of 6000 requests of head failed"));
    EXPECT_EQ(line_of(gate, cell_a, p50).verdict, Verdict::inconclusive);
    EXPECT_EQ(line_of(gate, cell_b, "errors").verdict, Verdict::pass);
    EXPECT_FALSE(test::is_open(gate, cell_a));
    EXPECT_THAT(pairs_to_confirm(test::judgement_of(gate)), testing::ElementsAre(PairsWanted{cell_a, 20}));
}

TEST(FailedRequests, OfBaseAreNotValid) {
    GateResult gate = twenty_pairs();
    fail_requests(*samples_of(gate, cell_a, Arm::base)[4], 1);
    fail_requests(*samples_of(gate, cell_a, Arm::head)[4], 5);
    gate = closed(std::move(gate));
    EXPECT_FALSE(gate.usable());
    EXPECT_EQ(gate.verdict(), Verdict::inconclusive);
    EXPECT_THAT(find_warning(gate, "base-errors")->message, HasSubstr("base"));
    EXPECT_EQ(line_of(gate, cell_a, "errors").verdict, Verdict::inconclusive);
}

/// Head's requests failed first in one trial of cell a.
GateResult with_errors_of_head() {
    GateResult gate = twenty_pairs();
    fail_requests(*samples_of(gate, cell_a, Arm::head)[4], 1);
    test::look(gate);
    return gate;
}

TEST(FailedRequests, ThatFailAgainFail) {
    GateResult gate = with_errors_of_head();
    test::add_pairs(gate, cell_a, 20, {}, true);
    fail_requests(*samples_of(gate, cell_a, Arm::head).back(), 2);
    test::confirm(gate);
    test::close(gate);
    EXPECT_EQ(line_of(gate, cell_a, "errors").verdict, Verdict::fail);
    EXPECT_THAT(line_of(gate, cell_a, "errors").reason, HasSubstr("Measured again: 2 of 6000"));
    EXPECT_EQ(line_of(gate, cell_a, "errors").head.value, 3);
    EXPECT_EQ(find_warning(gate, "head-errors"), nullptr);
}

TEST(FailedRequests, ThatDoNotFailAgainAreNotValid) {
    GateResult gate = with_errors_of_head();
    test::add_pairs(gate, cell_a, 20, {}, true);
    test::confirm(gate);
    test::close(gate);
    EXPECT_EQ(line_of(gate, cell_a, "errors").verdict, Verdict::inconclusive);
    EXPECT_THAT(line_of(gate, cell_a, "errors").reason, HasSubstr("Not confirmed"));
    EXPECT_FALSE(gate.usable());
    ASSERT_NE(find_warning(gate, "head-errors"), nullptr);
    EXPECT_THAT(find_warning(gate, "head-errors")->message, HasSubstr("1 of 12000 requests of head failed"));
}

TEST(FailedRequests, CountAtOnceWhereNothingIsMeasuredAgain) {
    GateResult gate = twenty_pairs();
    gate.rules.confirm = false;
    fail_requests(*samples_of(gate, cell_a, Arm::head)[4], 1);
    gate = closed(std::move(gate));
    EXPECT_EQ(line_of(gate, cell_a, "errors").verdict, Verdict::fail);
}

/// Slow in cell a, which failed; then measured again, where `spoil` changes what the trials were.
template <typename Spoil>
GateResult slow_and_then(Spoil spoil) {
    GateResult gate = made_up_gate();
    test::add_pairs(gate, cell_a, 20, {.p50_ratio = 1.2});
    test::add_pairs(gate, cell_b, 20);
    test::add_pairs(gate, test::control, 20);
    test::look(gate);
    EXPECT_EQ(line_of(gate, cell_a, p50).verdict, Verdict::fail);
    test::add_pairs(gate, cell_a, 20, {.p50_ratio = 1.2}, true);
    test::add_pairs(gate, test::control, 20, {}, true);
    for (GateTrial& sample : gate.samples) {
        if (sample.subject == cell_a && sample.confirmation) spoil(sample);
    }
    test::confirm(gate);
    test::close(gate);
    return gate;
}

TEST(FreshBatch, InWhichHeadsRequestsFailClearsNothing) {
    const GateResult gate = slow_and_then([](GateTrial& sample) {
        if (sample.arm != Arm::head) return;
        fail_requests(sample, 300);
        sample.warnings = {{"unforeseen-errors", "300 failed.", WarningKind::wrong}};
    });
    EXPECT_EQ(line_of(gate, cell_a, p50).verdict, Verdict::fail);
    EXPECT_THAT(line_of(gate, cell_a, p50).reason,
                AllOf(HasSubstr("20 pairs"), HasSubstr("6000 of 6000 requests of head failed")));
    EXPECT_NE(line_of(gate, cell_a, "errors").verdict, Verdict::pass);
    EXPECT_EQ(line_of(gate, cell_a, "errors").head.value, 6000);
    EXPECT_NE(find_warning(gate, "head-errors"), nullptr);
    EXPECT_EQ(gate.verdict(), Verdict::fail);
}

TEST(FreshBatch, InWhichHeadIsLostClearsNothing) {
    const GateResult gate = slow_and_then([](GateTrial& sample) {
        if (sample.arm == Arm::head && sample.repetition > 3) lose(sample);
    });
    EXPECT_EQ(line_of(gate, cell_a, p50).verdict, Verdict::fail);
    EXPECT_THAT(line_of(gate, cell_a, p50).reason, HasSubstr("16 of 20 trials of head"));
    EXPECT_NE(find_warning(gate, "trials-lost"), nullptr);
}

TEST(FreshBatch, InWhichBasesRequestsFailConfirmsNothing) {
    const GateResult gate = slow_and_then([](GateTrial& sample) {
        if (sample.arm == Arm::base) fail_requests(sample, 1);
    });
    EXPECT_EQ(line_of(gate, cell_a, p50).verdict, Verdict::inconclusive);
    EXPECT_NE(find_warning(gate, "base-errors"), nullptr);
    EXPECT_FALSE(gate.usable());
}

TEST(FreshBatch, InWhichBaseIsLostConfirmsNothing) {
    const GateResult gate = slow_and_then([](GateTrial& sample) {
        if (sample.arm == Arm::base) lose(sample);
    });
    EXPECT_EQ(line_of(gate, cell_a, p50).verdict, Verdict::inconclusive);
    EXPECT_NE(find_warning(gate, "trials-lost"), nullptr);
    EXPECT_FALSE(gate.usable());
}

TEST(FailedRequests, ThatCameLaterUndoAPass) {
    GateResult gate = twenty_pairs();
    test::look(gate);
    ASSERT_EQ(line_of(gate, cell_a, "errors").verdict, Verdict::pass);
    add_pairs_everywhere(gate, 20);
    fail_requests(*samples_of(gate, cell_a, Arm::head).back(), 2);
    test::look(gate);
    EXPECT_EQ(line_of(gate, cell_a, "errors").verdict, Verdict::fail);
}

}  // namespace asyncbench::cells_that_went_wrong_tests
