#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <limits>

#include "harness/trial/judge_trial.hpp"

namespace asyncbench::judge_trial_tests {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// A trial at which there is nothing to find fault with: all numbers just within their limits.
Trial good() {
    Trial trial;
    trial.spec.profile.delay = DelaySpec::parse("100ms");
    trial.spec.plan.concurrency = 8;
    TargetView view;
    for (std::uint64_t id = 0; id < 20; ++id) {
        trial.client.add(id);
        view.served.add(id);
        view.delay_error_ns.record(4'900'000);  // over 1 ms, but under 5 % of the delay
    }
    view.requests = 20;
    view.cpu_share.value = 0.85;
    trial.target = view;
    trial.metrics["send_lateness_p99_ns"] = {4'900'000, {}};
    trial.metrics["sent_late_share"] = {0.01, {}};
    trial.metrics["steal_share"] = {0.05, {}};
    return trial;
}

using enum WarningKind;

struct Found {
    std::string code;
    WarningKind kind;
    bool operator==(const Found&) const = default;
};
void PrintTo(const Found& found, std::ostream* out) {
    constexpr const char* names[] = {"note", "disturbed", "limited", "wrong"};
    *out << found.code << " (" << names[static_cast<int>(found.kind)] << ")";
}

std::vector<Found> found_in(const Trial& trial) {
    std::vector<Found> found;
    for (const Warning& warning : judge_trial(trial)) {
        EXPECT_THAT(warning.message, testing::MatchesRegex(".*[.?]"));
        found.push_back({warning.code, warning.kind});
    }
    return found;
}

/// What is found when one thing about the good trial is changed.
std::vector<Found> with(const std::function<void(Trial&)>& change) {
    Trial trial = good();
    change(trial);
    return found_in(trial);
}

TEST(JudgeTrial, FindsNothingWhereNoLimitIsExceeded) {
    EXPECT_THAT(found_in(good()), IsEmpty());
}

TEST(JudgeTrial, DoesNotJudgeWhatWasNotMeasured) {
    Trial trial;
    trial.failure = "It died.";
    EXPECT_THAT(found_in(trial), IsEmpty());
}

TEST(JudgeTrial, IdsThatDifferAreAMismatchOfWork) {
    EXPECT_THAT(with([](Trial& trial) { trial.client.sum ^= 1; }),
                ElementsAre(Found{"work-mismatch", wrong}));
}

TEST(JudgeTrial, MoreReceivedThanServedIsAMismatchOfWork) {
    EXPECT_THAT(with([](Trial& trial) { trial.client.add(20); }), ElementsAre(Found{"work-mismatch", wrong}));
}

TEST(JudgeTrial, MoreServedThanReceivedIsAMismatchOfWork) {
    EXPECT_THAT(with([](Trial& trial) { trial.target->served.add(20); }),
                ElementsAre(Found{"work-mismatch", wrong}));
}

TEST(JudgeTrial, AFailedRequestMayHaveBeenServed) {
    for (const auto field : {&ErrorCounts::timeout, &ErrorCounts::closed, &ErrorCounts::other}) {
        EXPECT_THAT(with([field](Trial& trial) {
                        trial.errors.*field = 1;
                        trial.target->served.add(20);
                    }),
                    IsEmpty());
    }
}

TEST(JudgeTrial, AFailedRequestExplainsNoMoreThanItself) {
    EXPECT_THAT(with([](Trial& trial) {
                    trial.errors.timeout = 1;
                    trial.target->served.add(20);
                    trial.target->served.add(21);
                }),
                ElementsAre(Found{"work-mismatch", wrong}));
    EXPECT_THAT(with([](Trial& trial) {
                    trial.errors.connect = 1;  // was never sent
                    trial.target->served.add(20);
                }),
                ElementsAre(Found{"work-mismatch", wrong}));
    EXPECT_THAT(with([](Trial& trial) {
                    trial.errors.timeout = 1;
                    trial.client.sum ^= 1;
                }),
                ElementsAre(Found{"work-mismatch", wrong}));
}

TEST(JudgeTrial, WrongContentIsNotTheSameWork) {
    EXPECT_THAT(with([](Trial& trial) { trial.errors.content = trial.errors.unforeseen = 1; }),
                ElementsAre(Found{"wrong-content", wrong}));
}

TEST(JudgeTrial, ErrorsAreToldOfHowManyRequests) {
    Trial trial = good();
    trial.errors.timeout = trial.errors.unforeseen = 1;
    trial.errors.status = 3;
    const std::uint64_t requests = trial.client.count + 1;
    const auto warnings = judge_trial(trial);
    ASSERT_FALSE(warnings.empty());
    EXPECT_THAT(warnings.front().message,
                AllOf(HasSubstr("1 of the trial's " + std::to_string(requests) + " requests failed"),
                      HasSubstr("timeout 1"), HasSubstr("status 3")));
}

/// So many of the requests fail, and the twenty others are answered.
std::function<void(Trial&)> failed(std::uint64_t requests) {
    return [requests](Trial& trial) { trial.errors.connect = trial.errors.unforeseen = requests; };
}

TEST(JudgeTrial, ErrorsThatNobodyAskedForAreNotedAndWrongWhereHalfOfTheRequestsFail) {
    EXPECT_THAT(with(failed(1)), ElementsAre(Found{"unforeseen-errors", note}));
    EXPECT_THAT(with(failed(20)), ElementsAre(Found{"unforeseen-errors", note})) << "20 of 40";
    EXPECT_THAT(with(failed(21)), ElementsAre(Found{"unforeseen-errors", wrong}));
    EXPECT_THAT(with([](Trial& trial) { trial.errors.status = 20; }), IsEmpty()) << "the profile asks";
}

TEST(JudgeTrial, ErrorsAreToldWithTheirReasonsTheCommonestFirst) {
    Trial trial = good();
    failed(161)(trial);
    trial.errors.status = 60;
    trial.errors.unforeseen += 60;
    trial.endings.statuses = {{200, 20}, {502, 20}, {503, 40}};
    trial.endings.add({ErrorClass::connect, "Cannot assign requested address", 161});
    EXPECT_THAT(judge_trial(trial).front().message,
                HasSubstr("What failed: 161 × connect: Cannot assign requested address; "
                          "40 × status 503 (Service Unavailable); 20 × status 502 (Bad Gateway)."));
}

TEST(JudgeTrial, NotesThatEveryResponseRedirects) {
    Trial trial = good();
    trial.target.reset();
    trial.spec.verify = false;
    trial.endings.statuses = {{302, 20}};
    trial.endings.redirect = "http://host/login";
    const auto warnings = judge_trial(trial);
    ASSERT_TRUE(has(warnings, "all-redirect"));
    EXPECT_THAT(warnings.front().message, AllOf(HasSubstr("status 302"), HasSubstr("http://host/login")));
    trial.endings.statuses[200] = 1;
    EXPECT_FALSE(has(judge_trial(trial), "all-redirect")) << "one led nowhere else";
    trial.endings.statuses = {{304, 20}};
    EXPECT_FALSE(has(judge_trial(trial), "all-redirect")) << "not modified is no redirect";
    trial.endings = {};
    EXPECT_FALSE(has(judge_trial(trial), "all-redirect")) << "a program need not tell";
}

TEST(JudgeTrial, NobodyIsFasterThanTheTargetsDelaysAllow) {
    const auto with_efficiency = [](double efficiency, PlanKind kind = PlanKind::closed) {
        return with([=](Trial& trial) {
            trial.metrics["efficiency"] = {efficiency, {}};
            trial.spec.plan.kind = kind;
        });
    };
    EXPECT_THAT(with_efficiency(1.1), IsEmpty());
    EXPECT_THAT(with_efficiency(1.11), ElementsAre(Found{"elapsed-impossible", wrong}));
    EXPECT_THAT(with_efficiency(1.11, PlanKind::open), IsEmpty());
}

TEST(JudgeTrial, NoRequestIsServedInLessTimeThanTheTargetHeldIt) {
    const auto with_service = [](std::int64_t service_ns, std::uint64_t timeouts = 0) {
        return with([=](Trial& trial) {
            trial.target->held = {20, 20, 20 * 100ms, 20 * 100ms};
            trial.errors.timeout = timeouts;
            trial.service_time_ns.record(service_ns);
        });
    };
    EXPECT_THAT(with_service(91'000'000), IsEmpty());
    EXPECT_THAT(with_service(89'000'000), ElementsAre(Found{"service-time-impossible", wrong}));
    EXPECT_THAT(with_service(89'000'000, 1),
                testing::Not(testing::Contains(Found{"service-time-impossible", wrong})))
        << "the target held some that the client gave up";
}

TEST(JudgeTrial, ABusyTargetIsSaturated) {
    EXPECT_THAT(with([](Trial& trial) { trial.target->cpu_share.value = 0.86; }),
                ElementsAre(Found{"target-saturated", limited}));
}

TEST(JudgeTrial, AnUnknownShareOfTheTargetIsNotHeldAgainstIt) {
    EXPECT_THAT(with([](Trial& trial) { trial.target->cpu_share = MetricValue::unknown("restarted"); }),
                IsEmpty());
}

TEST(JudgeTrial, ATargetThatIsLateIsNoFinding) {
    EXPECT_THAT(with([](Trial& trial) { trial.target->delay_error_ns.record(90'000'000, 20); }), IsEmpty());
}

TEST(JudgeTrial, AGeneratorIsLateOnlyOverBothLimits) {
    const auto lateness = [](double ns) {
        return [ns](Trial& trial) { trial.metrics["send_lateness_p99_ns"] = {ns, {}}; };
    };
    EXPECT_THAT(with(lateness(6e6)), ElementsAre(Found{"generator-late", limited}));
    EXPECT_THAT(with(lateness(4e6)), IsEmpty());
    EXPECT_THAT(with(lateness(0)), IsEmpty());
}

TEST(JudgeTrial, ALatenessThatAForeignProgramMadeUpIsJudgedToo) {
    const auto lateness = [](double ns) {
        return [ns](Trial& trial) { trial.metrics["send_lateness_p99_ns"] = {ns, {}}; };
    };
    EXPECT_THAT(with(lateness(1e300)), ElementsAre(Found{"generator-late", limited}));
    EXPECT_THAT(with(lateness(-1e300)), IsEmpty());
}

TEST(JudgeTrial, ARateThatTheStrategyDoesNotHoldIsNoted) {
    const auto late = [](double requests) {
        return with([&](Trial& trial) {
            trial.metrics["sent_late_share"] = {0.02, {}};
            trial.metrics["requests"] = {requests, {}};
        });
    };
    EXPECT_THAT(late(1000), ElementsAre(Found{"rate-not-held", note}));
    EXPECT_THAT(late(50), IsEmpty()) << "one request, of the start";
}

TEST(JudgeTrial, ALateGeneratorIsToldWhetherItLacksTheCpuItselfOrSharesIt) {
    const auto message = [](double own, double others) {
        Trial trial = good();
        trial.metrics["send_lateness_p99_ns"] = {6e6, {}};
        trial.metrics["cpu_share"] = {own, {}};
        trial.metrics["other_load_cores"] = {others, {}};
        return judge_trial(trial).at(0).message;
    };
    EXPECT_THAT(message(0.98, 0.1), AllOf(HasSubstr("0.98 cores itself"), HasSubstr("loops=2")));
    EXPECT_THAT(message(0.5, 1.2), HasSubstr("Other programs used 1.20 cores"));
}

/// A loop that was busy for this share of the time, while the process computed on `cores`.
std::function<void(Trial&)> busy_loop(double utilization, double cores, double threads = 1) {
    return [=](Trial& trial) {
        trial.metrics["loop_utilization"] = {utilization, {}};
        trial.metrics["cpu_share"] = {cores, {}};
        trial.metrics["threads"] = {threads, {}};
    };
}

TEST(JudgeTrial, ALoopThatComputesAllTheTimeIsSaturated) {
    EXPECT_THAT(with(busy_loop(0.86, 0.86)), ElementsAre(Found{"loop-saturated", limited}));
    EXPECT_THAT(with(busy_loop(0.85, 0.85)), IsEmpty());
    EXPECT_THAT(with(busy_loop(0.99, 0.9, 2)), IsEmpty()) << "0.9 cores for two loops";
    EXPECT_THAT(with(busy_loop(0.99, 1.5, 2)), ElementsAre(Found{"loop-saturated", limited}));
}

TEST(JudgeTrial, ALoopThatIsBlockedAndComputesNothingIsNotSaturated) {
    EXPECT_THAT(with(busy_loop(0.99, 0.1)), IsEmpty());
}

TEST(JudgeTrial, ALoopThatDoesTheWorkWhichTheLoadAsksForIsNotSaturated) {
    EXPECT_THAT(with([](Trial& trial) {
                    busy_loop(0.99, 0.99)(trial);
                    trial.spec.profile.compute = 1ms;
                }),
                IsEmpty());
}

TEST(JudgeTrial, AThrottledTrialIsLimited) {
    const auto throttled = [](MetricValue share) {
        return [share](Trial& trial) { trial.metrics["throttled_share"] = share; };
    };
    EXPECT_THAT(with(throttled({0.06, {}})), ElementsAre(Found{"quota-throttled", limited}));
    EXPECT_THAT(with(throttled({0.05, {}})), ElementsAre(Found{"quota-throttled", disturbed}));
    EXPECT_THAT(with(throttled({0.006, {}})), ElementsAre(Found{"quota-throttled", disturbed}));
    EXPECT_THAT(with(throttled({0.005, {}})), IsEmpty());
    EXPECT_THAT(with(throttled(MetricValue::unknown("no cgroup"))), IsEmpty());
}

TEST(JudgeTrial, AStolenCpuDisturbs) {
    EXPECT_THAT(with([](Trial& trial) { trial.metrics["steal_share"] = {0.06, {}}; }),
                ElementsAre(Found{"steal", disturbed}));
    EXPECT_THAT(with([](Trial& trial) { trial.metrics["steal_share"] = MetricValue::unknown("too short"); }),
                IsEmpty());
}

TEST(JudgeTrial, OtherProgramsThatUseTheMachineDisturb) {
    const auto load = [](double cores) {
        return [cores](Trial& trial) { trial.metrics["other_load_cores"] = {cores, {}}; };
    };
    EXPECT_THAT(with(load(0.3)), ElementsAre(Found{"machine-busy", disturbed}));
    EXPECT_THAT(with(load(0.2)), IsEmpty());
}

TEST(JudgeTrial, FewAnswersAreTheCellsToJudge) {
    EXPECT_THAT(with([](Trial& trial) {
                    trial.client = {};
                    trial.client.add(0);
                    trial.target->served = trial.client;
                }),
                IsEmpty());
}

TEST(JudgeTrial, AStrategyThatTellsWhatBecameOfItsRequestsMayHaveAnsweredFew) {
    EXPECT_THAT(with([](Trial& trial) {
                    trial.client = {};
                    trial.target->served = trial.client;
                    trial.outcomes = {{"not-sent", 20, "20 of 20 requests were never sent."}};
                }),
                ElementsAre(Found{"outcome-not-sent", note}));
    EXPECT_THAT(with([](Trial& trial) {
                    trial.errors.connect = trial.errors.unforeseen = 100;
                    trial.outcomes = {{"gave-up", 100, "100 gave up."}};
                }),
                ElementsAre(Found{"unforeseen-errors", note}, Found{"outcome-gave-up", note}));
}

TEST(JudgeTrial, ToldOutcomesDoNotExcuseWorkThatDiffers) {
    EXPECT_THAT(with([](Trial& trial) {
                    trial.client.sum ^= 1;
                    trial.outcomes = {{"not-sent", 1, "1 request was never sent."}};
                }),
                ElementsAre(Found{"work-mismatch", wrong}, Found{"outcome-not-sent", note}));
}

TEST(JudgeTrial, AForeignTargetIsTakenAtTheClientsWord) {
    EXPECT_THAT(with([](Trial& trial) {
                    trial.target.reset();
                    trial.spec.verify = false;
                }),
                ElementsAre(Found{"server-count-unknown", note}));
}

TEST(JudgeTrial, LimitsAreTheCallers) {
    TrialLimits strict;
    strict.target_cpu_share = 0.5;
    const auto warnings = judge_trial(good(), strict);
    ASSERT_EQ(warnings.size(), 1U);
    EXPECT_EQ(warnings[0].code, "target-saturated");
    EXPECT_THAT(warnings[0].message, HasSubstr("limit 50 %"));
    TrialLimits lenient;
    lenient.loop_utilization = 2;
    Trial trial = good();
    busy_loop(1, 1)(trial);
    EXPECT_THAT(judge_trial(trial, lenient), IsEmpty());
}

TEST(JudgeTrial, FindsSeveralFaultsAtOnce) {
    EXPECT_THAT(with([](Trial& trial) {
                    trial.client.sum ^= 1;
                    trial.target->cpu_share.value = 0.99;
                    trial.metrics["steal_share"] = {0.5, {}};
                }),
                ElementsAre(Found{"work-mismatch", wrong}, Found{"target-saturated", limited},
                            Found{"steal", disturbed}));
}

TEST(Elapsed, LongerThanTheConversationIsImpossible) {
    Trial trial = good();
    trial.metrics["elapsed_ns"] = {1.0e9, {}};
    EXPECT_FALSE(judge_elapsed(trial, 1s));
    EXPECT_FALSE(judge_elapsed(trial, 2s));
    const auto warning = judge_elapsed(trial, 500ms);
    ASSERT_TRUE(warning);
    EXPECT_EQ(warning->code, "elapsed-impossible");
    EXPECT_EQ(warning->kind, wrong);
    EXPECT_THAT(warning->message, HasSubstr("took 1s, but its result came 500ms after `go`"));
}

TEST(Elapsed, ShorterThanOneOfItsRequestsIsImpossible) {
    Trial trial = good();
    trial.metrics["elapsed_ns"] = {1.0e9, {}};
    trial.service_time_ns.record(1'000'000'000);
    EXPECT_FALSE(judge_elapsed(trial, 2s)) << "the histogram rounds up";
    trial.service_time_ns.record(1'100'000'000);
    const auto warning = judge_elapsed(trial, 2s);
    ASSERT_TRUE(warning);
    EXPECT_EQ(warning->kind, wrong);
    EXPECT_THAT(warning->message, HasSubstr("one of its requests took 1.1"));
}

TEST(Elapsed, ThatIsNotToldIsNotJudged) {
    EXPECT_FALSE(judge_elapsed(good(), 1s));
}

}  // namespace asyncbench::judge_trial_tests
