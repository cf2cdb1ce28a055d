// Every strategy does every plan, against a mock target in this process.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <tuple>
#include <vector>

#include "async/errors.hpp"
#include "benches/strategies/strategies.hpp"
#include "harness/http/transfer.hpp"
#include "tests/harness/http/test_target.hpp"
#include "tests/support/http/kept_server.hpp"

namespace asyncbench::strategies_tests {

using namespace std::chrono_literals;
using test::InProcessTarget;
using test::KeptServer;
using test::with_delay;

constexpr std::uint32_t users = 8;

StrategyOptions options_for(Service& service, std::uint32_t concurrency, const std::string& parameter = {},
                            const std::string& value = {}) {
    StrategyOptions options;
    options.concurrency = concurrency;
    options.service = &service;
    if (!parameter.empty()) options.parameters[parameter] = value;
    return options;
}

struct Outcome {
    Measurement measured;
    std::uint64_t handed_out = 0;
    TargetStats target;
};

/// Does the plan once, as a trial process does it.
Outcome do_plan(Strategy& strategy, const InProcessTarget& target, const PlanSpec& spec,
                const Profile& profile, const std::string& trial = "t") {
    Plan plan(spec, 3, trial);
    Recorder recorder({profile, InProcessTarget::seed, true, spec.kind == PlanKind::open});
    plan.start();
    strategy.run(plan, recorder);
    return {recorder.measurement(plan.started()), plan.handed_out(), target.stats(trial)};
}

Fingerprint first_ids(std::uint64_t count) {
    Fingerprint all;
    for (std::uint64_t id = 0; id < count; ++id) all.add(id);
    return all;
}

PlanSpec batch(std::uint64_t requests, std::uint32_t concurrency) {
    return {.kind = PlanKind::batch, .concurrency = concurrency, .requests = requests};
}
PlanSpec closed(Nanoseconds duration, std::uint32_t concurrency) {
    return {.kind = PlanKind::closed, .concurrency = concurrency, .duration = duration};
}
PlanSpec open(double rate_rps, Nanoseconds duration, Arrivals arrivals) {
    return {.kind = PlanKind::open,
            .concurrency = users,
            .duration = duration,
            .rate_rps = rate_rps,
            .arrivals = arrivals};
}

struct NamedPlan {
    const char* name;
    PlanSpec spec;
};

const std::vector<NamedPlan> plans{
    {"Batch", batch(40, 40)},
    {"BatchOfMoreThanAtOnce", batch(60, users)},
    {"BatchOfFewerThanAtOnce", batch(3, users)},
    {"Closed", closed(60ms, users)},
    {"OpenConstant", open(500, 100ms, Arrivals::constant)},
    {"OpenPoisson", open(500, 100ms, Arrivals::poisson)},
    {"OpenFasterThanItCan", open(20'000, 10ms, Arrivals::constant)},
};

std::string camel(const std::string& name) {
    std::string text;
    bool up = true;
    for (const char c : name) {
        if (c == '-') {
            up = true;
            continue;
        }
        text += up ? static_cast<char>(std::toupper(c)) : c;
        up = false;
    }
    return text;
}

std::vector<std::string> strategy_names() {
    const StrategyRegistry registry = builtin_strategies();
    std::vector<std::string> names;
    for (const StrategyInfo& info : registry.all()) names.push_back(info.name);
    return names;
}

class EveryStrategy : public testing::TestWithParam<std::string> {
  protected:
    static void SetUpTestSuite() { initialize_curl(); }
    static std::unique_ptr<Strategy> make(const StrategyOptions& options) {
        return builtin_strategies().make(GetParam(), options);
    }
};

class EveryStrategyAndPlan : public testing::TestWithParam<std::tuple<std::string, std::size_t>> {
  protected:
    static void SetUpTestSuite() { initialize_curl(); }
};

TEST_P(EveryStrategyAndPlan, DoesEachRequestOnce) {
    const PlanSpec& plan = plans[std::get<1>(GetParam())].spec;
    const Profile profile = with_delay("uniform:1ms,4ms");
    const InProcessTarget target(profile);
    const auto strategy =
        builtin_strategies().make(std::get<0>(GetParam()), options_for(target.service(), plan.concurrency));
    const Outcome outcome = do_plan(*strategy, target, plan, profile);
    const Measurement& measured = outcome.measured;

    EXPECT_GT(outcome.handed_out, 0U);
    EXPECT_EQ(measured.requests, outcome.handed_out);
    EXPECT_EQ(measured.errors, ErrorCounts{});
    EXPECT_EQ(measured.received, first_ids(outcome.handed_out));
    EXPECT_EQ(outcome.target.served, measured.received);
    EXPECT_EQ(outcome.target.requests, outcome.handed_out);

    // HTTP/1.1 carries one request at a time, so that connections bound the requests in flight.
    EXPECT_LE(outcome.target.connections, plan.concurrency);
    EXPECT_EQ(outcome.target.connections, measured.connections);

    EXPECT_EQ(measured.service_time_ns.count(), outcome.handed_out);
    EXPECT_GE(measured.service_time_ns.min(), Nanoseconds{999us}.count());
    EXPECT_GE(measured.response_time_ns.mean(), measured.service_time_ns.mean());

    // What the target held the requests for and the overhead are the service time, within the histograms'
    // resolution of a thousandth.
    const TargetView::Held& held = outcome.target.held;
    const auto count = static_cast<double>(outcome.handed_out);
    ASSERT_EQ(measured.overhead_ns.count(), outcome.handed_out);
    ASSERT_EQ(held.count, outcome.handed_out);
    EXPECT_NEAR(measured.overhead_ns.mean() + static_cast<double>(held.sum.count()) / count,
                measured.service_time_ns.mean(), measured.service_time_ns.mean() / 500);
    if (plan.kind == PlanKind::open) {
        const double lateness = static_cast<double>((held.sum - held.intended_sum).count()) / count;
        EXPECT_NEAR(measured.punctual_response_ns.mean() + lateness, measured.response_time_ns.mean(),
                    measured.response_time_ns.mean() / 500);
    } else {
        EXPECT_TRUE(measured.punctual_response_ns.empty());
    }
    EXPECT_GT(measured.elapsed, 0ns);
    EXPECT_GE(strategy->stats().threads, 1U);
    if (plan.kind == PlanKind::batch) {
        EXPECT_EQ(measured.requests, plan.requests);
    }
}

INSTANTIATE_TEST_SUITE_P(Strategies, EveryStrategyAndPlan,
                         testing::Combine(testing::ValuesIn(strategy_names()),
                                          testing::Range(std::size_t{0}, plans.size())),
                         [](const auto& made) {
                             return camel(std::get<0>(made.param)) + plans[std::get<1>(made.param)].name;
                         });

TEST_P(EveryStrategy, SendsRequestsWhoseArrivalTheKernelStamps) {
    const Profile profile = with_delay("1ms");
    const InProcessTarget target(profile);
    const auto strategy = make(options_for(target.service(), users));
    // The kernel turns stamps on in the background once the first socket asks for them.
    TargetView::Held held;
    for (int attempt = 0; attempt < 100 && held.stamped < users; ++attempt)
        held = do_plan(*strategy, target, batch(users, users), profile, "t" + std::to_string(attempt))
                   .target.held;
    EXPECT_EQ(held.count, users);
    EXPECT_EQ(held.stamped, users);
}

TEST_P(EveryStrategy, SendsNoRequestOfAnOpenLoopBeforeItsTime) {
    const Profile profile = with_delay("1ms");
    const InProcessTarget target(profile);
    const auto strategy = make(options_for(target.service(), users));
    const auto measured = do_plan(*strategy, target, open(200, 60ms, Arrivals::constant), profile).measured;
    ASSERT_EQ(measured.timeline.size(), 12U);
    for (const TimelineEntry& entry : measured.timeline) {
        EXPECT_EQ(entry.intended, 5ms * static_cast<int>(entry.id));
        EXPECT_GE(entry.sent, entry.intended);
    }
}

TEST_P(EveryStrategy, KeepsItsConnectionsFromTheWarmUp) {
    const Profile profile = with_delay("2ms");
    const InProcessTarget target(profile);
    const auto strategy = make(options_for(target.service(), users));
    const Outcome warm_up = do_plan(*strategy, target, closed(40ms, users), profile, "t-warmup");
    const Outcome measured = do_plan(*strategy, target, batch(80, users), profile);
    EXPECT_EQ(measured.measured.received, first_ids(80));
    EXPECT_EQ(measured.target.served, first_ids(80));
    EXPECT_LE(warm_up.measured.connections + measured.measured.connections, users);
    EXPECT_LE(target.connections(), users + 1);  // that of stats() may not be closed yet
}

TEST_P(EveryStrategy, CanBeRunWhereNothingIsToBeDone) {
    const InProcessTarget target;
    const auto strategy = make(options_for(target.service(), users));
    EXPECT_EQ(do_plan(*strategy, target, batch(0, users), {}).measured.requests, 0U);
    EXPECT_EQ(do_plan(*strategy, target, batch(5, users), {}).measured.received, first_ids(5));
}

TEST_P(EveryStrategy, TellsOfAnUnreachableTarget) {
    InProcessTarget target;
    target.stop();
    const auto strategy = make(options_for(target.service(), 4));
    Plan plan(batch(12, 4), 3, "t");
    Recorder recorder({{}, InProcessTarget::seed, true});
    plan.start();
    strategy->run(plan, recorder);
    const Measurement measured = recorder.measurement(plan.started());
    EXPECT_EQ(measured.requests, 12U);
    EXPECT_EQ(measured.errors, (ErrorCounts{.connect = 12, .unforeseen = 12}));
}

/// Does the same request `count` times, as of a foreign target.
Measurement ask(Strategy& strategy, std::uint64_t count) {
    Plan plan(batch(count, users), 3, "t");
    Recorder recorder({{}, 0, false});
    plan.start();
    strategy.run(plan, recorder);
    return recorder.measurement(plan.started());
}

TEST_P(EveryStrategy, SendsAgainWhatAConnectionThatHadJustEndedDidNotAnswer) {
    const KeptServer server([](const KeptServer::Request& request) {
        return request.on_connection == 0 ? test::ok_answer() : std::string();
    });
    HttpService service({.request = {.url = server.url()}, .numbered = false});
    const auto strategy = make(options_for(service, users));
    for (int i = 0; i < 3; ++i) {  // the warm-up, too
        const Measurement measured = ask(*strategy, 60);
        EXPECT_EQ(measured.received.count, 60U);
        EXPECT_EQ(measured.errors, ErrorCounts{});
    }
}

TEST_P(EveryStrategy, LooksNoNameUp) {
    const KeptServer server([](const KeptServer::Request&) { return test::ok_answer(); });
    HttpService service(
        {.request = {.url = server.url("svc.invalid")}, .numbered = false, .address = "127.0.0.1"});
    const auto strategy = make(options_for(service, users));
    EXPECT_EQ(ask(*strategy, 40).errors, ErrorCounts{});
    EXPECT_EQ(server.heads().size(), 40U);
}

/// What the profile asks for among the first `requests`.
ErrorCounts foreseen(const Profile& profile, std::uint64_t requests) {
    ErrorCounts errors;
    for (std::uint64_t id = 0; id < requests; ++id) {
        const Reply reply = reply_for(profile, InProcessTarget::seed, id);
        if (reply.status >= 400) ++errors.status;
        if (reply.fault == Fault::stall) ++errors.timeout;
        if (reply.fault == Fault::close || reply.fault == Fault::truncate) ++errors.closed;
    }
    return errors;
}

struct NamedProfile {
    const char* name;
    double Profile::* rate = nullptr;
    double FaultShares::* fault = nullptr;
};

const std::vector<NamedProfile> troubles{{"ErrorStatus", &Profile::error_rate, nullptr},
                                         {"Close", nullptr, &FaultShares::close},
                                         {"Truncate", nullptr, &FaultShares::truncate},
                                         {"Stall", nullptr, &FaultShares::stall},
                                         {"Dribble", nullptr, &FaultShares::dribble}};

class EveryStrategyAndTrouble : public testing::TestWithParam<std::tuple<std::string, std::size_t>> {
  protected:
    static void SetUpTestSuite() { initialize_curl(); }
};

TEST_P(EveryStrategyAndTrouble, MeetsWhatTheProfileForesees) {
    const NamedProfile& trouble = troubles[std::get<1>(GetParam())];
    const bool stalls = trouble.fault == &FaultShares::stall;
    Profile profile = with_delay("2ms");
    if (trouble.rate != nullptr) profile.*trouble.rate = 0.3;
    if (trouble.fault != nullptr) profile.faults.*trouble.fault = stalls ? 0.1 : 0.3;
    const InProcessTarget target(profile);
    // Long enough that a busy machine answers the others in time.
    const auto service = target.service_with(stalls ? 500ms : 20s);
    const std::uint64_t requests = stalls ? 20 : 60;
    const auto strategy = builtin_strategies().make(std::get<0>(GetParam()), options_for(*service, users));
    const Outcome outcome = do_plan(*strategy, target, batch(requests, users), profile);

    const ErrorCounts expected = foreseen(profile, requests);
    EXPECT_EQ(outcome.measured.requests, requests);
    EXPECT_EQ(outcome.measured.errors, expected);
    EXPECT_EQ(outcome.measured.received, outcome.target.served);
    EXPECT_EQ(outcome.measured.received.count, requests - expected.timeout - expected.closed);
    if (trouble.fault != &FaultShares::dribble) {
        EXPECT_GT(expected.total(), 0U);
    }
}

INSTANTIATE_TEST_SUITE_P(Strategies, EveryStrategyAndTrouble,
                         testing::Combine(testing::ValuesIn(strategy_names()),
                                          testing::Range(std::size_t{0}, troubles.size())),
                         [](const auto& made) {
                             return camel(std::get<0>(made.param)) + troubles[std::get<1>(made.param)].name;
                         });

INSTANTIATE_TEST_SUITE_P(Strategies, EveryStrategy, testing::ValuesIn(strategy_names()),
                         [](const auto& made) { return camel(made.param); });

std::vector<std::string> names_with(const std::string& parameter) {
    const StrategyRegistry registry = builtin_strategies();
    std::vector<std::string> names;
    for (const StrategyInfo& info : registry.all()) {
        for (const ParameterInfo& known : info.parameters) {
            if (known.name == parameter) names.push_back(info.name);
        }
    }
    return names;
}

class StrategyWithLoops : public EveryStrategy {};

TEST_P(StrategyWithLoops, SplitsItsUsersOverThem) {
    const Profile profile = with_delay("2ms");
    const InProcessTarget target(profile);
    const auto strategy = make(options_for(target.service(), 5, "loops", "2"));
    for (const char* trial : {"t-warmup", "t"}) {
        const Outcome outcome = do_plan(*strategy, target, batch(60, 5), profile, trial);
        EXPECT_EQ(outcome.measured.received, first_ids(60));
        EXPECT_EQ(outcome.target.served, first_ids(60));
        EXPECT_LE(outcome.target.connections, 5U);
    }
    const StrategyStats stats = strategy->stats();
    EXPECT_EQ(stats.threads, 2U);
    ASSERT_TRUE(stats.loops);
    EXPECT_GT(stats.loops->total, 0ns);
    EXPECT_LE(stats.loops->busy, stats.loops->total);
    EXPECT_LE(stats.loops->longest_busy, stats.loops->total);
    EXPECT_LE(stats.loops->longest_lag, stats.loops->total);
}

TEST_P(StrategyWithLoops, HasNoMoreOfThemThanUsers) {
    const InProcessTarget target;
    const auto strategy = make(options_for(target.service(), 2, "loops", "16"));
    EXPECT_EQ(do_plan(*strategy, target, batch(10, 2), {}).measured.received, first_ids(10));
    EXPECT_EQ(strategy->stats().threads, 2U);
}

TEST_P(StrategyWithLoops, RefusesNone) {
    const InProcessTarget target;
    EXPECT_THROW(make(options_for(target.service(), 2, "loops", "0")), UsageError);
}

TEST_P(StrategyWithLoops, CarriesHundredsAtOnce) {
    const Profile profile = with_delay("50ms");
    const InProcessTarget target(profile);
    const auto strategy = make(options_for(target.service(), 600, "loops", "2"));
    const Outcome outcome = do_plan(*strategy, target, batch(1200, 600), profile);
    EXPECT_EQ(outcome.measured.errors, ErrorCounts{});
    EXPECT_EQ(outcome.target.served, first_ids(1200));
    EXPECT_LE(outcome.target.connections, 600U);
}

INSTANTIATE_TEST_SUITE_P(Strategies, StrategyWithLoops, testing::ValuesIn(names_with("loops")),
                         [](const auto& made) { return camel(made.param); });

TEST(StrategyParameters, LoopsAreOfThoseThatHaveAnEventLoop) {
    EXPECT_THAT(names_with("loops"), testing::IsSupersetOf({"callback", "coroutine", "coroutine-asio"}));
}

TEST(ThreadPoolStrategy, HasAsManyThreadsAsItIsTold) {
    initialize_curl();
    const Profile profile = with_delay("2ms");
    const InProcessTarget target(profile);
    const auto strategy = make_thread_pool(options_for(target.service(), users, "threads", "3"));
    const Outcome outcome = do_plan(*strategy, target, batch(30, users), profile);
    EXPECT_EQ(strategy->stats().threads, 3U);
    EXPECT_EQ(outcome.target.served, first_ids(30));
    EXPECT_LE(outcome.target.connections, 3U);
}

TEST(ThreadPoolStrategy, DoesNotSendMoreAtOnceThanThePlanAllows) {
    initialize_curl();
    const Profile profile = with_delay("2ms");
    const InProcessTarget target(profile);
    const auto strategy = make_thread_pool(options_for(target.service(), 2, "threads", "12"));
    const Outcome outcome = do_plan(*strategy, target, batch(30, 2), profile);
    EXPECT_EQ(outcome.target.served, first_ids(30));
    EXPECT_LE(outcome.target.connections, 2U);
}

TEST(SequentialStrategy, SendsOneAfterAnother) {
    initialize_curl();
    const Profile profile = with_delay("1ms");
    const InProcessTarget target(profile);
    const auto strategy = make_sequential(options_for(target.service(), users));
    const Outcome outcome = do_plan(*strategy, target, batch(20, users), profile);
    EXPECT_EQ(outcome.target.connections, 1U);
    const auto& timeline = outcome.measured.timeline;
    for (std::size_t i = 1; i < timeline.size(); ++i) EXPECT_GE(timeline[i].sent, timeline[i - 1].done);
}

TEST(ThreadPerRequestStrategy, CountsTheThreadsOfEachRunAlone) {
    initialize_curl();
    const Profile profile = with_delay("5ms");
    const InProcessTarget target(profile);
    const auto strategy = make_thread_per_request(options_for(target.service(), users));
    do_plan(*strategy, target, batch(40, users), profile, "t-warmup");
    EXPECT_GT(strategy->stats().threads, 1U);
    EXPECT_LE(strategy->stats().threads, users);
    do_plan(*strategy, target, batch(1, users), profile);
    EXPECT_EQ(strategy->stats().threads, 1U);
}

}  // namespace asyncbench::strategies_tests
