#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <limits>

#include "harness/trial/validity.hpp"

namespace asyncbench {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// A trial at which there is nothing to find fault with: all numbers just within their limits.
TrialResult good() {
    TrialResult trial;
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

struct Found {
    std::string code;
    bool invalidates;
    bool operator==(const Found&) const = default;
};
void PrintTo(const Found& found, std::ostream* out) {
    *out << found.code << (found.invalidates ? " (invalid)" : " (note)");
}

std::vector<Found> found_in(const TrialResult& trial) {
    std::vector<Found> found;
    for (const Warning& warning : judge_validity(trial)) {
        EXPECT_THAT(warning.message, testing::MatchesRegex(".*[.?]"));
        found.push_back({warning.code, warning.invalidates});
    }
    return found;
}

/// What is found when one thing about the good trial is changed.
std::vector<Found> with(const std::function<void(TrialResult&)>& change) {
    TrialResult trial = good();
    change(trial);
    return found_in(trial);
}

void record(TrialResult& trial, Nanoseconds delay_error, Nanoseconds mean_delay) {
    trial.spec.profile.delay = DelaySpec::parse(std::to_string(mean_delay.count() / 1000) + "us");
    trial.metrics.erase("send_lateness_p99_ns");  // whose limit depends on the delay, too
    trial.target->delay_error_ns = {};
    trial.target->delay_error_ns.record(delay_error.count(), 20);
}

TEST(Validity, FindsNothingWhereNoLimitIsExceeded) {
    EXPECT_THAT(found_in(good()), IsEmpty());
}

TEST(Validity, DoesNotJudgeWhatWasNotMeasured) {
    TrialResult trial;
    trial.failure = "It died.";
    EXPECT_THAT(found_in(trial), IsEmpty());
}

TEST(Validity, IdsThatDifferAreAMismatchOfWork) {
    EXPECT_THAT(with([](TrialResult& trial) { trial.client.sum ^= 1; }),
                ElementsAre(Found{"work-mismatch", true}));
}

TEST(Validity, MoreReceivedThanServedIsAMismatchOfWork) {
    EXPECT_THAT(with([](TrialResult& trial) { trial.client.add(20); }),
                ElementsAre(Found{"work-mismatch", true}));
}

TEST(Validity, MoreServedThanReceivedIsAMismatchOfWork) {
    EXPECT_THAT(with([](TrialResult& trial) { trial.target->served.add(20); }),
                ElementsAre(Found{"work-mismatch", true}));
}

TEST(Validity, AFailedRequestMayHaveBeenServed) {
    for (const auto field : {&ErrorCounts::timeout, &ErrorCounts::closed, &ErrorCounts::other}) {
        EXPECT_THAT(with([field](TrialResult& trial) {
                        trial.errors.*field = 1;
                        trial.target->served.add(20);
                    }),
                    IsEmpty());
    }
}

TEST(Validity, AFailedRequestExplainsNoMoreThanItself) {
    EXPECT_THAT(with([](TrialResult& trial) {
                    trial.errors.timeout = 1;
                    trial.target->served.add(20);
                    trial.target->served.add(21);
                }),
                ElementsAre(Found{"work-mismatch", true}));
    EXPECT_THAT(with([](TrialResult& trial) {
                    trial.errors.connect = 1;  // was never sent
                    trial.target->served.add(20);
                }),
                ElementsAre(Found{"work-mismatch", true}));
    EXPECT_THAT(with([](TrialResult& trial) {
                    trial.errors.timeout = 1;
                    trial.client.sum ^= 1;
                }),
                ElementsAre(Found{"work-mismatch", true}));
}

TEST(Validity, WrongContentIsNotTheSameWork) {
    EXPECT_THAT(with([](TrialResult& trial) { trial.errors.content = trial.errors.unforeseen = 1; }),
                ElementsAre(Found{"wrong-content", true}));
}

TEST(Validity, ErrorsAreToldOfHowManyRequests) {
    TrialResult trial = good();
    trial.errors.timeout = trial.errors.unforeseen = 1;
    trial.errors.status = 3;
    const std::uint64_t requests = trial.client.count + 1;
    const auto warnings = judge_validity(trial);
    ASSERT_FALSE(warnings.empty());
    EXPECT_THAT(warnings.front().message,
                AllOf(HasSubstr("1 of the trial's " + std::to_string(requests) + " requests failed"),
                      HasSubstr("timeout 1"), HasSubstr("status 3")));
}

TEST(Validity, ErrorsThatNobodyAskedForAreNotedAndInvalidateWhereTheyAreMany) {
    EXPECT_THAT(with([](TrialResult& trial) { trial.errors.connect = trial.errors.unforeseen = 1; }),
                ElementsAre(Found{"unforeseen-errors", false}));
    EXPECT_THAT(with([](TrialResult& trial) { trial.errors.connect = trial.errors.unforeseen = 2; }),
                ElementsAre(Found{"unforeseen-errors", true}));
    EXPECT_THAT(with([](TrialResult& trial) { trial.errors.status = 2; }), IsEmpty());
}

TEST(Validity, ABusyTargetIsSaturated) {
    EXPECT_THAT(with([](TrialResult& trial) { trial.target->cpu_share.value = 0.86; }),
                ElementsAre(Found{"target-saturated", true}));
}

TEST(Validity, AnUnknownShareOfTheTargetIsNotHeldAgainstIt) {
    EXPECT_THAT(with([](TrialResult& trial) { trial.target->cpu_share = MetricValue::unknown("restarted"); }),
                IsEmpty());
}

TEST(Validity, ATargetIsLateOnlyOverBothLimits) {
    EXPECT_THAT(with([](TrialResult& trial) { record(trial, 6ms, 100ms); }),
                ElementsAre(Found{"target-late", true}));
    EXPECT_THAT(with([](TrialResult& trial) { record(trial, 4ms, 100ms); }), IsEmpty());  // 4 %
    EXPECT_THAT(with([](TrialResult& trial) { record(trial, 900us, 2ms); }), IsEmpty());  // under 1 ms
    EXPECT_THAT(with([](TrialResult& trial) { record(trial, 1100us, 2ms); }),
                ElementsAre(Found{"target-late", true}));
}

TEST(Validity, AGeneratorIsLateOnlyOverBothLimits) {
    const auto lateness = [](double ns) {
        return [ns](TrialResult& trial) { trial.metrics["send_lateness_p99_ns"] = {ns, {}}; };
    };
    EXPECT_THAT(with(lateness(6e6)), ElementsAre(Found{"generator-late", true}));
    EXPECT_THAT(with(lateness(4e6)), IsEmpty());
    EXPECT_THAT(with(lateness(0)), IsEmpty());
}

TEST(Validity, ALatenessThatAForeignProgramMadeUpIsJudgedToo) {
    const auto lateness = [](double ns) {
        return [ns](TrialResult& trial) { trial.metrics["send_lateness_p99_ns"] = {ns, {}}; };
    };
    EXPECT_THAT(with(lateness(1e300)), ElementsAre(Found{"generator-late", true}));
    EXPECT_THAT(with(lateness(-1e300)), IsEmpty());
}

TEST(Validity, ARateThatTheStrategyDoesNotHoldIsNoted) {
    EXPECT_THAT(with([](TrialResult& trial) { trial.metrics["sent_late_share"] = {0.02, {}}; }),
                ElementsAre(Found{"rate-not-held", false}));
}

TEST(Validity, AStolenCpuInvalidates) {
    EXPECT_THAT(with([](TrialResult& trial) { trial.metrics["steal_share"] = {0.06, {}}; }),
                ElementsAre(Found{"steal", true}));
    EXPECT_THAT(
        with([](TrialResult& trial) { trial.metrics["steal_share"] = MetricValue::unknown("too short"); }),
        IsEmpty());
}

TEST(Validity, OtherProgramsThatUseTheMachineAreNoted) {
    const auto load = [](double cores) {
        return [cores](TrialResult& trial) { trial.metrics["other_load_cores"] = {cores, {}}; };
    };
    EXPECT_THAT(with(load(0.3)), ElementsAre(Found{"machine-busy", false}));
    EXPECT_THAT(with(load(0.2)), IsEmpty());
}

TEST(Validity, FewerThanTwentyAnswersAreTooFew) {
    EXPECT_THAT(with([](TrialResult& trial) {
                    trial.client = {};
                    for (std::uint64_t id = 0; id < 19; ++id) trial.client.add(id);
                    trial.target->served = trial.client;
                }),
                ElementsAre(Found{"too-few-samples", true}));
}

TEST(Validity, AStrategyThatTellsWhatBecameOfItsRequestsMayHaveAnsweredFew) {
    EXPECT_THAT(with([](TrialResult& trial) {
                    trial.client = {};
                    trial.target->served = trial.client;
                    trial.outcomes = {{"not-sent", 20, "20 of 20 requests were never sent."}};
                }),
                ElementsAre(Found{"outcome-not-sent", false}));
    EXPECT_THAT(with([](TrialResult& trial) {
                    trial.errors.connect = trial.errors.unforeseen = 10;
                    trial.outcomes = {{"gave-up", 10, "10 gave up."}};
                }),
                ElementsAre(Found{"unforeseen-errors", false}, Found{"outcome-gave-up", false}));
}

TEST(Validity, ToldOutcomesDoNotExcuseWorkThatDiffers) {
    EXPECT_THAT(with([](TrialResult& trial) {
                    trial.client.sum ^= 1;
                    trial.outcomes = {{"not-sent", 1, "1 request was never sent."}};
                }),
                ElementsAre(Found{"work-mismatch", true}, Found{"outcome-not-sent", false}));
}

TEST(Validity, AForeignTargetIsTakenAtTheClientsWord) {
    EXPECT_THAT(with([](TrialResult& trial) {
                    trial.target.reset();
                    trial.spec.verify = false;
                }),
                ElementsAre(Found{"client-side-identity", false}));
}

TEST(Validity, LimitsAreTheCallers) {
    ValidityLimits strict;
    strict.samples = 21;
    strict.steal_share = 0.01;
    const auto warnings = judge_validity(good(), strict);
    ASSERT_EQ(warnings.size(), 2U);
    EXPECT_EQ(warnings[0].code, "steal");
    EXPECT_EQ(warnings[1].code, "too-few-samples");
    EXPECT_THAT(warnings[1].message, HasSubstr("21"));
}

TEST(Validity, FindsSeveralFaultsAtOnce) {
    EXPECT_THAT(
        with([](TrialResult& trial) {
            trial.client.sum ^= 1;
            trial.target->cpu_share.value = 0.99;
            trial.metrics["steal_share"] = {0.5, {}};
        }),
        ElementsAre(Found{"work-mismatch", true}, Found{"target-saturated", true}, Found{"steal", true}));
}

TEST(Elapsed, LongerThanTheConversationIsImpossible) {
    TrialResult trial = good();
    trial.metrics["elapsed_ns"] = {1.0e9, {}};
    EXPECT_FALSE(judge_elapsed(trial, 1s));
    EXPECT_FALSE(judge_elapsed(trial, 2s));
    const auto warning = judge_elapsed(trial, 500ms);
    ASSERT_TRUE(warning);
    EXPECT_EQ(warning->code, "elapsed-impossible");
    EXPECT_TRUE(warning->invalidates);
    EXPECT_THAT(warning->message, HasSubstr("took 1s, but its result came 500ms after `go`"));
}

TEST(Elapsed, ShorterThanOneOfItsRequestsIsImpossible) {
    TrialResult trial = good();
    trial.metrics["elapsed_ns"] = {1.0e9, {}};
    trial.service_time_ns.record(1'000'000'000);
    EXPECT_FALSE(judge_elapsed(trial, 2s)) << "the histogram rounds up";
    trial.service_time_ns.record(1'100'000'000);
    const auto warning = judge_elapsed(trial, 2s);
    ASSERT_TRUE(warning);
    EXPECT_TRUE(warning->invalidates);
    EXPECT_THAT(warning->message, HasSubstr("one of its requests took 1.1"));
}

TEST(Elapsed, ThatIsNotToldIsNotJudged) {
    EXPECT_FALSE(judge_elapsed(good(), 1s));
}

}  // namespace
}  // namespace asyncbench
