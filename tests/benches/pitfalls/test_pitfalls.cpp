// Every way of every pitfall does its plan, against a mock target in this process: the right and the bridged
// ways all of it, the wrong ones the harm that they are there to show.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <memory>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

#include "async/detect/collected_findings.hpp"
#include "async/errors.hpp"
#include "benches/pitfalls/pitfalls.hpp"
#include "harness/http/transfer.hpp"
#include "harness/trial/metric.hpp"
#include "tests/harness/http/test_target.hpp"
#include "tests/support/paths/paths.hpp"

namespace asyncbench::pitfalls_tests {

using namespace std::chrono_literals;
using test::InProcessTarget;
using testing::HasSubstr;

const std::vector<Pitfall>& all_pitfalls() {
    static const std::vector<Pitfall> pitfalls = builtin_pitfalls();
    return pitfalls;
}

const Pitfall& pitfall_named(const std::string& name) {
    const auto found = std::find_if(all_pitfalls().begin(), all_pitfalls().end(),
                                    [&](const Pitfall& pitfall) { return pitfall.name == name; });
    if (found == all_pitfalls().end()) throw std::out_of_range(name);
    return *found;
}

/// What a trial of a way did.
struct Done {
    Measurement measured;
    std::uint64_t handed_out = 0;
    TargetStats target;
    StrategyStats stats;
    std::vector<Finding> findings;

    std::uint64_t found(Finding::Kind kind) const {
        return static_cast<std::uint64_t>(std::count_if(
            findings.begin(), findings.end(), [&](const Finding& finding) { return finding.kind == kind; }));
    }
    std::uint64_t outcome(const std::string& code) const {
        std::uint64_t count = 0;
        for (const Outcome& each : stats.outcomes) {
            if (each.code == code) count += each.count;
        }
        return count;
    }
};

struct Changes {
    std::uint64_t requests = 40;
    std::uint32_t users = 8;
    Nanoseconds timeout = 20s;
};

Done do_way(const std::string& name, const std::string& way, const Changes& changes = {}) {
    initialize_curl();
    CollectedFindings findings;
    const Pitfall& pitfall = pitfall_named(name);
    const Profile& profile = pitfall.scenario.profile;
    const InProcessTarget target(profile);
    StrategyOptions options;
    options.concurrency = changes.users;
    const auto service = target.service_with(changes.timeout);
    options.service = service.get();
    options.parameters["way"] = way;
    const auto strategy = pitfall_strategies().make(name, options);

    const PlanSpec spec{.kind = PlanKind::batch, .concurrency = changes.users, .requests = changes.requests};
    Plan plan(spec, 3, "t");
    Recorder recorder({profile, InProcessTarget::seed, true});
    plan.start();
    strategy->run(plan, recorder);
    return {recorder.measurement(plan.started()), plan.handed_out(), target.stats("t"), strategy->stats(),
            findings.all()};
}

std::string camel(const std::string& name) {
    std::string text;
    bool up = true;
    for (const char c : name) {
        if (c != '-') text += up ? static_cast<char>(std::toupper(c)) : c;
        up = c == '-';
    }
    return text;
}

struct NamedWay {
    std::string pitfall;
    std::string way;
};

std::vector<NamedWay> ways_that(bool are_wrong) {
    std::vector<NamedWay> ways;
    for (const Pitfall& pitfall : all_pitfalls()) {
        for (const PitfallWay& way : pitfall.ways) {
            if ((way.name == "wrong") == are_wrong) ways.push_back({pitfall.name, way.name});
        }
    }
    return ways;
}

class EveryGoodWay : public testing::TestWithParam<NamedWay> {};

TEST_P(EveryGoodWay, DoesAllTheWorkAndLosesNothing) {
    const auto& [name, way] = GetParam();
    // unbounded-gather takes what its scenario holds, which is as much as its concurrency.
    const Changes changes{.users = name == "unbounded-gather" ? 40U : 8U};
    const Done done = do_way(name, way, changes);
    EXPECT_EQ(done.handed_out, changes.requests);
    EXPECT_EQ(done.measured.requests, changes.requests);
    EXPECT_EQ(done.measured.errors.unforeseen, 0U);
    EXPECT_EQ(done.measured.received, done.target.served);
    EXPECT_EQ(done.measured.received.count, changes.requests - done.measured.errors.timeout);
    for (const char* lost : {"not-sent", "gave-up", "error-raised", "exceptions-lost"}) {
        EXPECT_EQ(done.outcome(lost), 0U) << lost;
    }
    EXPECT_TRUE(done.findings.empty()) << done.findings.front().message;
    ASSERT_TRUE(done.stats.loops);
    ASSERT_TRUE(done.stats.neighbour_delay_ns);
    EXPECT_FALSE(done.stats.neighbour_delay_ns->empty());
}

INSTANTIATE_TEST_SUITE_P(Pitfalls, EveryGoodWay, testing::ValuesIn(ways_that(false)),
                         [](const auto& made) { return camel(made.param.pitfall) + camel(made.param.way); });

class EveryWrongWay : public testing::TestWithParam<NamedWay> {};

TEST_P(EveryWrongWay, EndsAndTellsWhatBecameOfEachRequest) {
    const auto& [name, way] = GetParam();
    const Changes changes{.users = name == "unbounded-gather" ? 40U : 8U,
                          .timeout = name == "no-timeout" ? Nanoseconds{300ms} : Nanoseconds{20s}};
    const Done done = do_way(name, way, changes);
    EXPECT_EQ(done.handed_out, changes.requests);
    EXPECT_EQ(done.measured.requests + done.outcome("not-sent") + done.outcome("gave-up") +
                  done.outcome("error-raised"),
              changes.requests);
    EXPECT_EQ(done.measured.errors.unforeseen, 0U);
    EXPECT_EQ(done.measured.received, done.target.served);
}

INSTANTIATE_TEST_SUITE_P(Pitfalls, EveryWrongWay, testing::ValuesIn(ways_that(true)),
                         [](const auto& made) { return camel(made.param.pitfall); });

TEST(BlockingHttp, HasOneRequestInFlightWhereTheOthersHaveAll) {
    EXPECT_EQ(do_way("blocking-http", "wrong").measured.peak_in_flight, 1U);
    EXPECT_EQ(do_way("blocking-http", "right").measured.peak_in_flight, 8U);
    const Done bridged = do_way("blocking-http", "bridged");
    EXPECT_EQ(bridged.measured.peak_in_flight, 8U);
    EXPECT_EQ(bridged.stats.threads, 9U);
}

TEST(BlockingSleep, KeepsTheLoopBusyForEachPause) {
    const Done done = do_way("blocking-sleep", "wrong");
    ASSERT_TRUE(done.stats.loops);
    EXPECT_GE(done.stats.loops->busy, 40 * 2ms);
}

TEST(ForgottenAwait, SendsNothing) {
    const Done done = do_way("forgotten-await", "wrong");
    EXPECT_EQ(done.measured.requests, 0U);
    EXPECT_EQ(done.target.requests, 0U);
    ASSERT_EQ(done.stats.outcomes.size(), 1U);
    EXPECT_EQ(done.stats.outcomes[0].message, "40 of 40 requests were never sent.");
    EXPECT_EQ(done.found(Finding::Kind::never_awaited), 40U);
    EXPECT_THAT(done.findings.at(0).created, HasSubstr("forgotten_await.cpp:"));
}

TEST(SequentialAwait, HasOneRequestOfAPageInFlight) {
    EXPECT_EQ(do_way("sequential-await", "wrong").measured.peak_in_flight, 1U);
    EXPECT_EQ(do_way("sequential-await", "right").measured.peak_in_flight, 8U);
}

TEST(SessionPerRequest, OpensAConnectionForEachRequest) {
    EXPECT_EQ(do_way("session-per-request", "wrong").target.connections, 40U);
    EXPECT_LE(do_way("session-per-request", "right").target.connections, 8U);
}

TEST(UnboundedGather, HasAsManyConnectionsAsRequests) {
    const Changes changes{.requests = 120, .users = 120};
    EXPECT_EQ(do_way("unbounded-gather", "wrong", changes).target.connections, 120U);
    const Done right = do_way("unbounded-gather", "right", changes);
    EXPECT_LE(right.target.connections, 50U);
    EXPECT_EQ(right.measured.peak_in_flight, 50U);
}

TEST(CpuOnLoop, TakesNoOtherThreadThanTheLoops) {
    EXPECT_EQ(do_way("cpu-on-loop", "wrong").stats.threads, 1U);
    EXPECT_GT(do_way("cpu-on-loop", "right").stats.threads, 1U);
}

TEST(AsyncToSyncOnLoop, RaisesAnErrorAtEachCall) {
    const Done done = do_way("async-to-sync-on-loop", "wrong");
    EXPECT_EQ(done.target.requests, 0U);
    EXPECT_EQ(done.outcome("error-raised"), 40U);
    EXPECT_THAT(done.stats.outcomes.at(0).message, HasSubstr("async_to_sync"));
}

TEST(NestedPoolWaits, StarvesThePool) {
    const Done done = do_way("nested-pool-waits", "wrong");
    EXPECT_GT(done.outcome("gave-up"), 0U);
}

TEST(ThreadSensitiveEverything, SendsOneAfterAnother) {
    const Done wrong = do_way("thread-sensitive-everything", "wrong");
    EXPECT_EQ(wrong.target.connections, 1U);
    EXPECT_GT(do_way("thread-sensitive-everything", "right").target.connections, 1U);
}

TEST(LockAcrossAwait, BlocksTheThreadThatWouldUnlock) {
    const Done done = do_way("lock-across-await", "wrong", {.requests = 12, .users = 4});
    EXPECT_GT(done.outcome("gave-up"), 0U);
    EXPECT_LT(done.measured.requests, 12U);
}

TEST(NoTimeout, EndsTheWaitLongBeforeTheSessionDoes) {
    // As many as its scenario has, so that some of them hang.
    const Done right = do_way("no-timeout", "right", {.requests = 400, .users = 16});
    EXPECT_GT(right.measured.errors.timeout, 0U);
    EXPECT_LT(right.measured.service_time_ns.max(), Nanoseconds{20s}.count());
    const Done wrong = do_way("no-timeout", "wrong", {.requests = 400, .users = 16, .timeout = 300ms});
    EXPECT_EQ(wrong.measured.errors, right.measured.errors);
    EXPECT_GE(wrong.measured.service_time_ns.max(), Nanoseconds{300ms}.count());
}

TEST(LostException, TellsTheCustomersThatAllIsWell) {
    const Done wrong = do_way("lost-exception", "wrong");
    ASSERT_GT(wrong.measured.errors.status, 0U);
    EXPECT_EQ(wrong.outcome("exceptions-lost"), wrong.measured.errors.status);
    EXPECT_EQ(wrong.outcome("failures-told"), 0U);
    EXPECT_EQ(wrong.found(Finding::Kind::lost_exception), wrong.measured.errors.status);
    const Done right = do_way("lost-exception", "right");
    EXPECT_EQ(right.outcome("failures-told"), right.measured.errors.status);
}

TEST(Pitfalls, AreThirteenWithNamesOfTheirOwn) {
    std::set<std::string> names;
    for (const Pitfall& pitfall : all_pitfalls()) names.insert(pitfall.name);
    EXPECT_EQ(names.size(), 13U);
    EXPECT_EQ(all_pitfalls().size(), 13U);
    EXPECT_EQ(pitfall_strategies().all().size(), 13U);
}

TEST(Pitfalls, HaveAWrongAndARightWayFirst) {
    for (const Pitfall& pitfall : all_pitfalls()) {
        ASSERT_GE(pitfall.ways.size(), 2U) << pitfall.name;
        EXPECT_EQ(pitfall.ways[0].name, "wrong");
        EXPECT_EQ(pitfall.ways[1].name, "right");
        if (pitfall.ways.size() > 2) {
            EXPECT_EQ(pitfall.ways[2].name, "bridged");
        }
        ASSERT_EQ(pitfall.scenario.strategies.size(), pitfall.ways.size());
        for (std::size_t i = 0; i < pitfall.ways.size(); ++i) {
            EXPECT_EQ(pitfall.scenario.strategies[i].text(), pitfall.name + ":way=" + pitfall.ways[i].name);
        }
    }
}

TEST(Pitfalls, SayWhatTheyHarmAndWhatToDo) {
    for (const Pitfall& pitfall : all_pitfalls()) {
        EXPECT_FALSE(pitfall.harms.empty()) << pitfall.name;
        EXPECT_TRUE(pitfall.harm.ends_with('.')) << pitfall.name;
        EXPECT_TRUE(pitfall.advice.ends_with('.')) << pitfall.name;
        const bool by_speed =
            std::find(pitfall.harms.begin(), pitfall.harms.end(), "speed") != pitfall.harms.end();
        EXPECT_TRUE(!by_speed || pitfall.metric == "throughput_rps") << pitfall.name;
        EXPECT_TRUE(pitfall.metric.empty() || find_metric(pitfall.metric) != nullptr) << pitfall.metric;
        EXPECT_NO_THROW(check(pitfall.scenario)) << pitfall.name;
    }
}

std::string text_of_file(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

TEST(Pitfalls, ShowTheCodeThatStandsInTheirFile) {
    for (const Pitfall& pitfall : all_pitfalls()) {
        const std::string file = text_of_file(test::source_dir() + "/benches/pitfalls/" + pitfall.source);
        std::set<std::string> seen;
        for (const PitfallWay& way : pitfall.ways) {
            EXPECT_THAT(file, HasSubstr(way.code)) << pitfall.name << " " << way.name;
            EXPECT_THAT(way.code, HasSubstr("Task<")) << pitfall.name << " " << way.name;
            EXPECT_THAT(way.code, testing::Not(HasSubstr("namespace"))) << pitfall.name << " " << way.name;
            EXPECT_TRUE(way.code.ends_with("}\n")) << pitfall.name << " " << way.name;
            EXPECT_TRUE(seen.insert(way.code).second) << "the same code twice in " << pitfall.name;
        }
    }
}

TEST(Pitfalls, HaveNoOtherWays) {
    StrategyOptions options;
    options.parameters["way"] = "sideways";
    EXPECT_THROW(pitfall_strategies().make("blocking-http", options), UsageError);
    options.parameters["way"] = "bridged";
    EXPECT_THROW(pitfall_strategies().make("forgotten-await", options), UsageError);
}

}  // namespace asyncbench::pitfalls_tests
