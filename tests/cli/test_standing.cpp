// Measurements that are wrong, limited or disturbed, provoked: what is wrong ends with status 4, and the rest
// is an answer all the same.

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <algorithm>
#include <stop_token>
#include <thread>

#include "harness/trial/metric.hpp"
#include "reports/report.hpp"
#include "tests/support/program/program.hpp"

namespace asyncbench::standing_tests {

using test::children_with;
using test::eventually;
using test::Folder;
using test::has_warning;
using test::measure;
using test::Measured;
using test::Outcome;
using test::Program;
using test::run_program;
using test::short_run;
using testing::AllOf;
using testing::ContainsRegex;
using testing::HasSubstr;
using testing::Not;

/// A client that answers by the protocol and claims 40 requests of which it sends none.
constexpr const char* liar = R"(#!/bin/sh
read spec
echo '{"event":"ready"}'
read go
echo '{"event":"result","elapsed_ns":1000000,"client":{"count":40,"fingerprint":"0123456789abcdef"},'\
'"errors":{},"service_time":{"values":[[1000000,40]]}}'
)";

TEST(Standing, IsWrongOfWorkThatWasNotDone) {
    const Folder folder;
    const std::string script = folder.write("liar.sh", liar);
    const Measured measured = measure(
        {"-s", fmt::format("callback,exec:sh {}", script), "-c", "4", "-n", "40", "--latency", "1ms"});
    EXPECT_EQ(measured.outcome.status, 4) << measured.outcome.err;
    EXPECT_THAT(measured.outcome.out, AllOf(HasSubstr("work-mismatch"), HasSubstr("Wrong, and not ranked")));
    ASSERT_EQ(measured.result.trials.size(), 2U);
    for (const Trial& trial : measured.result.trials) {
        ASSERT_EQ(trial.failure, "");
        const bool lies = trial.strategy_name() == "exec";
        EXPECT_EQ(has_warning(trial, "work-mismatch"), lies);
        if (lies) {
            EXPECT_FALSE(trial.usable());
        }
    }
    EXPECT_TRUE(measured.result.comparisons.empty());
}

/// A client that keeps a line for each time that it was started.
constexpr const char* without_client = R"(#!/bin/sh
echo started >> "$0.log"
read spec
echo '{"event":"result","failure":"There is no client on a loop.","warnings":'\
'[{"code":"unavailable","message":"There is no client on a loop.","kind":"note"}]}'
)";
constexpr const char* why_unavailable = "There is no client on a loop.";

std::size_t times_in(std::string_view text, std::string_view part) {
    std::size_t times = 0;
    for (auto at = text.find(part); at != std::string_view::npos; at = text.find(part, at + 1)) ++times;
    return times;
}

TEST(Standing, IsUnavailableOfAStrategyWithoutAClientWhichIsStartedAndReportedOnce) {
    const Folder folder;
    const std::string script = folder.write("without.sh", without_client);
    const std::string file = folder.path("result.json");
    const Outcome run =
        run_program({"run", "-s", fmt::format("callback,exec:sh {}", script), "-c", "2,4", "-n", "40", "-r",
                     "2", "--warmup", "0s", "--latency", "1ms", "--json", file});
    EXPECT_EQ(run.status, 0) << run.err;
    EXPECT_EQ(test::read_file(script + ".log"), "started\n");
    EXPECT_EQ(times_in(run.err, why_unavailable), 1U) << run.err;
    EXPECT_THAT(run.out, HasSubstr(why_unavailable));
    const RunResult result = read_json_report(test::read_file(file));
    ASSERT_EQ(result.summary.size(), 4U);
    for (const Cell& cell : result.summary)
        EXPECT_EQ(cell.standing(), cell.strategy.name == "exec" ? Standing::unavailable : Standing::ok);

    const Outcome compared = run_program({"compare", "--by", "strategy", file});
    EXPECT_EQ(compared.status, 0) << compared.err;
    EXPECT_THAT(compared.out, AllOf(ContainsRegex("is\\s+unavailable\\s+and\\s+not\\s+compared"),
                                    ContainsRegex("There\\s+is\\s+no\\s+client\\s+on\\s+a\\s+loop\\."),
                                    Not(HasSubstr("wrong")), Not(HasSubstr("gave no measurement"))));
    const Outcome added = run_program({"history", "add", "--db", folder.path("history.db"), file});
    EXPECT_EQ(added.status, 0) << added.err;
    EXPECT_THAT(added.err, HasSubstr(fmt::format("is left out, as it is unavailable: {}", why_unavailable)));
    const Outcome gated = run_program({"gate", file, file});
    EXPECT_EQ(gated.status, 0) << gated.out;
    EXPECT_THAT(gated.out, HasSubstr(why_unavailable));
}

TEST(Standing, IsUnavailableInAGateOfWhatNeitherArmHasAClientFor) {
    const Folder folder;
    const std::string script = folder.write("without.sh", without_client);
    // Without a delay, a trial of base is to show how long a sample takes.
    for (const char* latency : {"1ms", "0s"}) {
        const Outcome gated = run_program({"gate", "--base", "sh " + script, "--head", "sh " + script, "-s",
                                           "callback", "-c", "4", "--latency", latency, "--looks", "2"});
        EXPECT_EQ(gated.status, 0) << gated.out << gated.err;
        EXPECT_THAT(gated.out,
                    AllOf(HasSubstr("INCONCLUSIVE"),  // also where the machine moved the control
                          HasSubstr(fmt::format("callback at 4 is unavailable and not compared: {}",
                                                why_unavailable))));
    }
    EXPECT_EQ(test::read_file(script + ".log"), "started\nstarted\nstarted\nstarted\n")
        << "each arm, of each gate";
}

TEST(Standing, IsLimitedOfATargetThatIsSaturated) {
    // More is asked for than the target's threads can answer. How much of the CPU they get is the machine's
    // matter: where others take it for a while, try again.
    double highest_share = 0;
    for (int attempt = 0; attempt < 5; ++attempt) {
        const Measured measured =
            measure({"-s", "callback", "--target", "blocking", "--latency", "0s", "-c", "64", "-d", "300ms"});
        ASSERT_EQ(measured.result.trials.size(), 1U);
        const Trial& trial = measured.result.trials[0];
        ASSERT_EQ(trial.failure, "");
        const double share = value_of(trial.metrics, "target_cpu_share").value_or(0);
        highest_share = std::max(highest_share, share);
        EXPECT_EQ(has_warning(trial, "target-saturated"), share > 0.85);
        if (share <= 0.85) continue;
        EXPECT_EQ(measured.outcome.status, 0);
        EXPECT_THAT(measured.outcome.out, AllOf(HasSubstr("≥ "), HasSubstr("target-saturated")));
        return;
    }
    GTEST_SKIP() << "this machine gave the target no more than " << highest_share << " of a core";
}

TEST(Standing, IsNotWrongOfATargetThatAnswersLate) {
    const Folder folder;
    Program program(short_run(
        {"-s", "callback", "-c", "32", "-d", "400ms", "--latency", "20ms", "--json", folder.path("r.json")}));
    std::jthread stopper([run = program.pid()](const std::stop_token& ended) {
        const auto send_to_target = [run](int signal) {
            for (const pid_t target : children_with(run, "target")) kill(target, signal);
        };
        ASSERT_TRUE(eventually([run] { return !children_with(run, "trial").empty(); }));
        while (!ended.stop_requested()) {
            send_to_target(SIGSTOP);
            std::this_thread::sleep_for(std::chrono::milliseconds{40});
            send_to_target(SIGCONT);
            std::this_thread::sleep_for(std::chrono::milliseconds{40});
        }
    });
    const Outcome outcome = program.wait();
    stopper.request_stop();
    EXPECT_EQ(outcome.status, 0) << outcome.err;
    const RunResult result = read_json_report(test::read_file(folder.path("r.json")));
    ASSERT_EQ(result.trials.size(), 1U);
    ASSERT_EQ(result.trials[0].failure, "");
    EXPECT_TRUE(result.trials[0].usable());
    EXPECT_GT(value_of(result.trials[0].metrics, "target_lateness_mean_ns").value_or(0), 0);
    EXPECT_FALSE(has_warning(result.trials[0], "work-mismatch"));
}

TEST(Standing, IsLimitedOfAGeneratorThatIsLate) {
    // 200 responses of nominally 5 ms of work each, on one loop, in 200 ms.
    const Measured measured = measure(
        {"-s", "callback", "-q", "1000", "-d", "200ms", "-c", "64", "--latency", "1ms", "--compute", "5ms"});
    EXPECT_EQ(measured.outcome.status, 0) << measured.outcome.out;
    ASSERT_EQ(measured.result.trials.size(), 1U);
    const Trial& trial = measured.result.trials[0];
    ASSERT_EQ(trial.failure, "");
    EXPECT_TRUE(has_warning(trial, "generator-late")) << measured.outcome.out;
    EXPECT_EQ(trial.client.count, 200U);
    EXPECT_THAT(measured.outcome.out, AllOf(HasSubstr("Limited"), HasSubstr("generator-late")));
}

TEST(Standing, IsWrongOfTooFewSamples) {
    const Measured measured = measure({"-s", "sequential", "-n", "19", "-c", "1", "--latency", "1ms"});
    EXPECT_EQ(measured.outcome.status, 4);
    ASSERT_EQ(measured.result.trials.size(), 1U);
    EXPECT_FALSE(measured.result.summary.at(0).usable());
    EXPECT_THAT(measured.outcome.out, HasSubstr("too-few-samples"));
}

TEST(Standing, IsWrongOfATargetThatAnswersNothing) {
    const Measured measured = measure({"-s", "sequential,thread-pool,callback,coroutine", "-n", "8", "-c",
                                       "8", "--faults", "stall:1", "--timeout", "30ms"});
    EXPECT_EQ(measured.outcome.status, 4) << measured.outcome.err;
    ASSERT_EQ(measured.result.trials.size(), 4U);
    for (const Trial& trial : measured.result.trials) {
        ASSERT_EQ(trial.failure, "");
        EXPECT_EQ(trial.errors.timeout, 8U) << trial.strategy_name();
        EXPECT_EQ(trial.errors.unforeseen, 0U);
        EXPECT_EQ(trial.client.count, 0U);
        EXPECT_EQ(trial.service_time_ns.count(), 8U);
    }
}

TEST(Standing, IsNotWrongOfIdleConnections) {
    const Measured measured = measure({"-s", "callback,coroutine", "-q", "20", "-d", "300ms", "-c", "64",
                                       "--latency", "1ms", "--timeout", "2s"});
    ASSERT_EQ(measured.result.trials.size(), 2U);
    for (const Trial& trial : measured.result.trials) {
        ASSERT_EQ(trial.failure, "");
        EXPECT_EQ(trial.client.count, 6U);
        EXPECT_EQ(trial.errors, ErrorCounts{});
    }
}

TEST(Standing, IsNotWrongOfWhatTheProfileForesees) {
    const Measured measured =
        measure({"-s", "callback", "-n", "100", "-c", "4", "--latency", "1ms", "--error-rate", "0.1",
                 "--faults", "close:0.1,truncate:0.1,stall:0.02,dribble:0.1", "--timeout", "1s"});
    ASSERT_EQ(measured.result.trials.size(), 1U);
    const Trial& trial = measured.result.trials[0];
    ASSERT_EQ(trial.failure, "");
    EXPECT_FALSE(has_warning(trial, "work-mismatch"));
    EXPECT_FALSE(has_warning(trial, "wrong-content"));
    EXPECT_EQ(trial.errors.unforeseen, 0U);
    EXPECT_GT(trial.errors.status, 0U);
    EXPECT_GT(trial.errors.closed, 0U);
    EXPECT_GT(trial.errors.timeout, 0U);
}

}  // namespace asyncbench::standing_tests
