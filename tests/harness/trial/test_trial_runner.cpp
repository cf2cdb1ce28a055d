// The parent's side of the trial protocol, against the built program and against children that break it.

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "harness/http/transfer.hpp"
#include "harness/trial/experiment.hpp"
#include "harness/trial/trial_runner.hpp"
#include "tests/support/paths/paths.hpp"
#include "tests/support/processes/processes.hpp"

namespace asyncbench::trial_runner_tests {

using namespace std::chrono_literals;
using test::children_with;
using test::eventually;
using test::has_ended;
using testing::AllOf;
using testing::HasSubstr;

/// Of our own target, with what the tests' trials ask for.
ChildProcess::Options target_command() {
    return {.command = {test::asyncbench_program(), "target", "mock", "--port", "0", "--end-with-parent",
                        "--latency", "1ms", "--seed", "1"}};
}

bool has_warning(const Trial& result, std::string_view code) {
    for (const Warning& warning : result.warnings) {
        if (warning.code == code) return true;
    }
    return false;
}

class TrialRunnerTest : public testing::Test {
  protected:
    static void SetUpTestSuite() {
        initialize_curl();
        target_ = std::make_unique<TargetLink>(target_command());
    }
    static void TearDownTestSuite() { target_.reset(); }

    static PlannedTrial planned(std::string_view strategy) {
        static int number = 0;
        PlannedTrial trial;
        trial.spec.trial = fmt::format("t-{}", number++);
        trial.spec.strategy = StrategySpec::parse(strategy);
        trial.spec.plan = {.kind = PlanKind::batch, .concurrency = 4, .requests = 40};
        trial.spec.profile.delay = DelaySpec::parse("1ms");
        trial.spec.timeout = 100ms;
        return trial;
    }

    /// Long enough for what is to succeed, short for what is to hang.
    Trial run(const PlannedTrial& trial, Nanoseconds patience = 20s) {
        TrialRunner runner({.trial_command = {test::asyncbench_program(), "trial"},
                            .interrupted = &interrupted_,
                            .first_cpu = {},
                            .last_cpu = {},
                            .patience = patience},
                           *target_);
        return runner.run(trial, 3);
    }
    Trial run_script(const std::string& script, Nanoseconds patience = 20s) {
        return run(planned("exec:" + script), patience);
    }
    /// The reason for which the trial of this script is lost.
    std::string failure_of(const std::string& script, Nanoseconds patience = 20s) {
        const Trial result = run_script(script, patience);
        EXPECT_FALSE(result.usable());
        EXPECT_FALSE(has_warning(result, "work-mismatch"));
        return result.failure;
    }

    static std::unique_ptr<TargetLink> target_;
    std::atomic<bool> interrupted_{false};
};

std::unique_ptr<TargetLink> TrialRunnerTest::target_;

/// A child that does all by the protocol but the work, and claims `result`.
std::string claiming(const std::string& result) {
    return "read spec; echo '{\"event\":\"ready\"}'; read go; echo '" + result + "'";
}

const std::string forty_claimed =
    R"({"event":"result","elapsed_ns":1000000,"client":{"count":40,"fingerprint":"00000000000000ff"},)"
    R"("errors":{},"service_time":{"values":[[1000000,40]]}})";

TEST_F(TrialRunnerTest, KeepsTheReasonWhyTheWorkHasNoClient) {
    const std::string told =
        R"({"event":"result","failure":"No loop.","warnings":[{"code":"unavailable","message":"No loop.","kind":"note"}]})";
    for (const std::string& script : {"read spec; echo '" + told + "'", claiming(told)}) {
        const Trial result = run_script(script);
        EXPECT_TRUE(result.unavailable()) << script;
        EXPECT_EQ(result.failure, "No loop.");
        EXPECT_EQ(result.warnings, Trial::of_unavailable("No loop.").warnings);
        EXPECT_EQ(result.spec.strategy.name, "exec");
    }
    EXPECT_TRUE(run_script("read spec; echo '{\"event\":\"result\",\"failure\":\"No loop.\"}'").lost());
}

TEST_F(TrialRunnerTest, DoesNotStartAStrategyAgainThatIsUnavailable) {
    TrialRunner runner({.trial_command = {}, .interrupted = &interrupted_, .first_cpu = {}, .last_cpu = {}},
                       *target_);
    const std::string log = fmt::format("{}started-{}", testing::TempDir(), getpid());
    PlannedTrial without = planned(
        "exec:echo x >> " + log +
        R"(; read spec; echo '{"event":"result","failure":"No loop.","warnings":[{"code":"unavailable","message":"No loop.","kind":"note"}]}')");
    for (const std::uint32_t concurrency : {1, 4}) {
        without.spec.plan.concurrency = concurrency;
        const Trial result = runner.run(without, 7);
        EXPECT_EQ(result.standing(), Standing::unavailable);
        EXPECT_EQ(result.failure, "No loop.");
        EXPECT_EQ(result.spec.plan.concurrency, concurrency);
        EXPECT_EQ(result.spec.base_url, target_->base_url());
        EXPECT_EQ(result.order, 7U);
    }
    EXPECT_EQ(std::filesystem::file_size(log), 2U) << "one line";
    std::filesystem::remove(log);
    EXPECT_TRUE(runner.run(planned("exec:exit 9"), 8).lost()) << "another strategy";
}

TEST_F(TrialRunnerTest, RunsATrialOfThisProgram) {
    const Trial result = run(planned("coroutine"));
    ASSERT_EQ(result.failure, "");
    EXPECT_EQ(result.client.count, 40U);
    ASSERT_TRUE(result.target);
    EXPECT_EQ(result.target->served, result.client);
    EXPECT_FALSE(has_warning(result, "work-mismatch"));
    EXPECT_EQ(result.order, 3U);
    EXPECT_EQ(value_of(result.metrics, "requests"), 40);
    EXPECT_EQ(value_of(result.metrics, "target_requests"), 40);
    EXPECT_GT(value_of(result.metrics, "throughput_rps").value_or(0), 0);
    EXPECT_THAT(result.started_utc, testing::MatchesRegex("20..-..-..T..:..:..Z"));
}

TEST_F(TrialRunnerTest, WarmsUpWithoutCountingIt) {
    PlannedTrial trial = planned("callback");
    trial.spec.warmup = 30ms;
    const Trial result = run(trial);
    ASSERT_EQ(result.failure, "");
    EXPECT_EQ(result.target->requests, 40U);
    EXPECT_GT(target_->stats(trial.spec.trial + "-warmup").requests, 0U);
}

TEST_F(TrialRunnerTest, AStrategyThatIsUnknownCostsItsTrial) {
    EXPECT_THAT(run(planned("corotine")).failure, HasSubstr("There is no strategy 'corotine'"));
}

TEST_F(TrialRunnerTest, APlanWithoutARequestCostsItsTrial) {
    PlannedTrial trial = planned("sequential");
    trial.spec.plan = {.kind = PlanKind::open,
                       .concurrency = 4,
                       .duration = 1ms,
                       .rate_rps = 0.001,
                       .arrivals = Arrivals::poisson};
    EXPECT_THAT(run(trial).failure, HasSubstr("no request"));
}

TEST_F(TrialRunnerTest, AProgramThatIsNotThereCostsItsTrial) {
    EXPECT_THAT(failure_of("/no/such/program 2>/dev/null"),
                AllOf(HasSubstr("status 127"), HasSubstr("before its ready line")));
}

TEST_F(TrialRunnerTest, AProgramThatEndsAtOnceCostsItsTrial) {
    EXPECT_THAT(failure_of("exit 3"), HasSubstr("ended with status 3"));
    EXPECT_THAT(failure_of("exit 0"), HasSubstr("ended with status 0"));
}

TEST_F(TrialRunnerTest, AProgramThatIsKilledCostsItsTrial) {
    EXPECT_THAT(failure_of("kill -9 $$"), HasSubstr("signal 9"));
    EXPECT_THAT(failure_of("echo '{\"event\":\"ready\"}'; read spec; read go; kill -SEGV $$"),
                AllOf(HasSubstr("signal 11"), HasSubstr("before its result")));
}

TEST_F(TrialRunnerTest, AProgramThatTalksNonsenseCostsItsTrial) {
    EXPECT_THAT(failure_of("echo hello; sleep 1000"), HasSubstr("no JSON"));
    EXPECT_THAT(failure_of("yes"), HasSubstr("no JSON"));
    EXPECT_THAT(failure_of("echo; sleep 1000"), HasSubstr("no JSON"));
    EXPECT_THAT(failure_of("head -c 100000 /dev/urandom | tr '\\n' x; echo"), HasSubstr("no JSON"));
    EXPECT_THAT(failure_of("head -c 1000000 /dev/zero | tr '\\0' '['; echo"), HasSubstr("nested"));
    EXPECT_THAT(failure_of("echo '{\"event\":\"done\"}'"), HasSubstr("event"));
    EXPECT_THAT(failure_of("echo '{}'"), HasSubstr("event"));
    EXPECT_THAT(failure_of(claiming("and now for something else")), HasSubstr("no JSON"));
    EXPECT_THAT(failure_of(claiming(R"({"event":"result","elapsed_ns":5})")), HasSubstr("client"));
}

TEST_F(TrialRunnerTest, AProgramThatNeverEndsItsLineCostsItsTrial) {
    EXPECT_THAT(failure_of("exec cat /dev/zero"), HasSubstr("64 MiB"));
}

TEST_F(TrialRunnerTest, AProgramThatDoesNotWaitForGoCostsItsTrial) {
    EXPECT_THAT(failure_of("read spec; echo '" + forty_claimed + "'; sleep 1000"),
                HasSubstr("before it was told to go"));
}

TEST_F(TrialRunnerTest, AProgramThatIsReadyTwiceCostsItsTrial) {
    EXPECT_THAT(failure_of("echo '{\"event\":\"ready\"}'; echo '{\"event\":\"ready\"}'; sleep 1000"),
                HasSubstr("twice"));
}

TEST_F(TrialRunnerTest, AProgramThatHangsCostsItsTrial) {
    EXPECT_THAT(failure_of("sleep 1000", 50ms), AllOf(HasSubstr("hung"), HasSubstr("ready line")));
    EXPECT_THAT(failure_of("echo '{\"event\":\"ready\"}'; sleep 1000", 1s),
                AllOf(HasSubstr("hung"), HasSubstr("result")));
}

TEST_F(TrialRunnerTest, AProgramThatClosesItsPipesCostsItsTrial) {
    EXPECT_NE(failure_of("exec >&-; sleep 1000"), "");
    EXPECT_NE(failure_of("exec <&-; sleep 1000", 50ms), "");
    EXPECT_NE(failure_of("read spec; exec <&-; echo '{\"event\":\"ready\"}'; sleep 1000", 200ms), "");
}

TEST_F(TrialRunnerTest, AProgramThatSaysWhyItFailedIsQuoted) {
    EXPECT_EQ(failure_of(R"(echo '{"event":"result","failure":"No compiler here."}')"), "No compiler here.");
    EXPECT_EQ(failure_of(claiming(R"({"event":"result","failure":"The socket broke."})")),
              "The socket broke.");
}

TEST_F(TrialRunnerTest, AProgramThatSaysWhyItFailedIsQuotedThoughItReadsNothing) {
    const std::string script = R"(exec <&-; echo '{"event":"result","failure":"No compiler here."}'; exit 1)";
    for (int i = 0; i < 5; ++i) EXPECT_EQ(failure_of(script), "No compiler here.");
}

TEST_F(TrialRunnerTest, AProgramThatCrashesAfterItsResultIsWrong) {
    const std::string trial = test::asyncbench_program() + " trial --as callback; ";
    // From outside, or by a shell between; 137 where memory ran out.
    for (const char* ending : {"kill -SEGV $$", "kill -KILL $$", "kill -TERM $$", "exit 139",
                               "sh -c 'kill -KILL $$'; exit $?", "exit 137", "exit 152"}) {
        const Trial crashed = run_script(trial + ending);
        EXPECT_EQ(crashed.failure, "");
        EXPECT_TRUE(has_warning(crashed, "crashed-at-exit")) << ending;
        EXPECT_FALSE(crashed.usable()) << ending;
    }
    for (const char* ending : {"exit 3", "exit 255", "sleep 60 & kill $!; wait $!; exit $?"}) {
        const Trial ended = run_script(trial + ending);
        EXPECT_EQ(ended.failure, "");
        EXPECT_FALSE(has_warning(ended, "crashed-at-exit")) << ending << ": any status will do";
    }
}

TEST_F(TrialRunnerTest, AProgramThatWritesMoreAfterItsResultCostsItsTrial) {
    const std::string trial = test::asyncbench_program() + " trial --as callback; ";
    for (const char* more : {R"(echo '{"event":"result"}'; echo foo)", "echo foo", "echo", "printf foo",
                             "(sleep 0.02; echo foo) & wait", "yes | head -c 1000000"}) {
        EXPECT_THAT(failure_of(trial + more), HasSubstr("wrote more to its stdout after its result")) << more;
    }
    EXPECT_EQ(run_script(trial + "echo foo >&2").failure, "");
}

TEST_F(TrialRunnerTest, AProgramThatClaimsWorkItDidNotDoIsWrong) {
    const Trial result = run_script(claiming(forty_claimed));
    EXPECT_EQ(result.failure, "");
    EXPECT_TRUE(has_warning(result, "work-mismatch"));
    EXPECT_FALSE(result.usable());
}

TEST_F(TrialRunnerTest, AProgramThatClaimsToHaveTakenLongerThanItDidIsWrong) {
    const Trial result = run_script(claiming(
        R"({"event":"result","elapsed_ns":600000000000,"client":{"count":50,"fingerprint":"00000000000000ff"},)"
        R"("errors":{},"service_time":{"values":[[1000,50]]}})"));
    EXPECT_EQ(result.failure, "");
    EXPECT_TRUE(has_warning(result, "elapsed-impossible"));
}

TEST_F(TrialRunnerTest, AProgramThatClaimsAbsurdNumbersIsWrongInTime) {
    const Trial result = run_script(
        claiming(R"({"event":"result","elapsed_ns":1,"client":{"count":9007199254740992,)"
                 R"("fingerprint":"00000000000000ff"},"errors":{"content":9007199254740992},)"
                 R"("metrics":{"send_lateness_p99_ns":1e300,"sent_late_share":-1e300,"requests":-5},)"
                 R"("service_time":{"values":[[4398046511103,9007199254740992]]}})"));
    EXPECT_EQ(result.failure, "");
    EXPECT_TRUE(has_warning(result, "work-mismatch"));
    for (const auto& [name, metric] : result.metrics) {
        if (metric.value) {
            EXPECT_TRUE(std::isfinite(*metric.value)) << name;
        }
    }
}

TEST_F(TrialRunnerTest, CompletesWhatAForeignProgramNeedNotTell) {
    const Trial result = run_script(claiming(
        R"({"event":"result","elapsed_ns":1000000000,"client":{"count":50,"fingerprint":"00000000000000ff"},)"
        R"("errors":{"status":4,"content":1,"timeout":10},"service_time":{"values":[[1000,60]]}})"));
    // 50 whole responses, those of a wrong status and content among them, and ten that never came.
    EXPECT_EQ(value_of(result.metrics, "requests"), 60);
    EXPECT_EQ(value_of(result.metrics, "errors"), 15);
    EXPECT_EQ(value_of(result.metrics, "throughput_rps"), 50);
    EXPECT_EQ(value_of(result.metrics, "service_p50_ns"), 1000);
    EXPECT_EQ(value_of(result.metrics, "response_max_ns"), 1000);
}

TEST_F(TrialRunnerTest, ComputesItselfWhatFollowsFromCountsAndTimesWhateverIsClaimed) {
    const Trial result = run_script(claiming(
        R"({"event":"result","elapsed_ns":1000000000,"client":{"count":50,"fingerprint":"00000000000000ff"},)"
        R"("metrics":{"requests":200,"errors":3,"throughput_rps":9000,"service_p50_ns":1,)"
        R"("cpu_us_per_request":12},)"
        R"("errors":{"timeout":10},"service_time":{"values":[[1000,60]]}})"));
    EXPECT_EQ(value_of(result.metrics, "requests"), 60);
    EXPECT_EQ(value_of(result.metrics, "errors"), 10);
    EXPECT_EQ(value_of(result.metrics, "throughput_rps"), 50);
    EXPECT_EQ(value_of(result.metrics, "service_p50_ns"), 1000);
    EXPECT_EQ(value_of(result.metrics, "cpu_us_per_request"), 12)
        << "which only the program knows of its work";
}

TEST_F(TrialRunnerTest, ATrialThatIsLostLeavesTheNextAlone) {
    failure_of("kill -9 $$");
    failure_of("yes");
    failure_of("sleep 1000", 50ms);
    EXPECT_EQ(run(planned("thread-pool")).failure, "");
    EXPECT_TRUE(children_with(getpid(), "-c").empty());
    EXPECT_TRUE(children_with(getpid(), "trial").empty());
}

TEST_F(TrialRunnerTest, ATrialKilledFromOutsideIsLost) {
    PlannedTrial trial = planned("sequential");
    trial.spec.plan = {.kind = PlanKind::closed, .concurrency = 1, .duration = 60s};
    std::jthread killer([&trial] {
        EXPECT_TRUE(
            eventually([&] { return target_->counts() && !children_with(getpid(), "trial").empty(); }));
        for (const pid_t child : children_with(getpid(), "trial")) kill(child, SIGKILL);
    });
    EXPECT_THAT(run(trial).failure, HasSubstr("was ended by signal 9"));
}

TEST_F(TrialRunnerTest, AnInterruptionGivesUpTheTrialUnderWay) {
    PlannedTrial trial = planned("sequential");
    trial.spec.plan = {.kind = PlanKind::closed, .concurrency = 1, .duration = 600s};
    std::jthread interrupter([this] {
        EXPECT_TRUE(eventually([] { return !children_with(getpid(), "trial").empty(); }));
        interrupted_ = true;  // without a signal: it may have come between two waits
    });
    EXPECT_THAT(run(trial).failure, HasSubstr("interrupted"));
    EXPECT_TRUE(children_with(getpid(), "trial").empty());
}

TEST_F(TrialRunnerTest, ATargetThatDiedIsStartedAgainForTheNextTrial) {
    for (const pid_t target : children_with(getpid(), "target")) kill(target, SIGKILL);
    EXPECT_TRUE(eventually([] {
        for (const pid_t target : children_with(getpid(), "target")) {
            if (!has_ended(target)) return false;
        }
        return true;
    }));
    const Trial result = run(planned("callback"));
    ASSERT_EQ(result.failure, "");
    EXPECT_EQ(result.target->served.count, 40U);
}

TEST_F(TrialRunnerTest, ATargetThatDiesInTheTrialCostsItAndNotTheNext) {
    PlannedTrial trial = planned("callback");
    trial.spec.plan = {.kind = PlanKind::closed, .concurrency = 4, .duration = 300ms};
    std::jthread killer([&trial] {
        EXPECT_TRUE(eventually([&] { return !children_with(getpid(), "trial").empty(); }));
        for (const pid_t target : children_with(getpid(), "target")) kill(target, SIGKILL);
    });
    EXPECT_THAT(run(trial).failure, HasSubstr("target"));
    killer.join();
    EXPECT_EQ(run(planned("callback")).failure, "");
}

TEST_F(TrialRunnerTest, TellsForHowLongAQuotaStoppedTheTrialOrWhyThatIsUnknown) {
    const Trial result = run(planned("callback"));
    const MetricValue& share = result.metrics.at("throttled_share");
    if (share.value) {
        EXPECT_GE(*share.value, 0);
        EXPECT_LE(*share.value, 1);
    } else {
        EXPECT_NE(share.reason, "");
    }
}

}  // namespace asyncbench::trial_runner_tests
