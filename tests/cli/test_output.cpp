// Where what is told goes, and that it can be told again.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <sstream>

#include "reports/report.hpp"
#include "reports/text/human.hpp"
#include "tests/support/paths/paths.hpp"
#include "tests/support/program/program.hpp"

namespace asyncbench::output_tests {

using test::Folder;
using test::Outcome;
using test::run_program;
using test::short_run;
using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

std::vector<std::string> quick(std::vector<std::string> more = {}) {
    std::vector<std::string> arguments{"-s", "sequential,coroutine", "-c", "2,4", "-n", "40", "--latency",
                                       "1ms"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return short_run(arguments);
}

TEST(RunOutput, IsATableOnStdoutAndProgressOnStderr) {
    const Outcome outcome = run_program(quick());
    EXPECT_TRUE(outcome.status == 0 || outcome.status == 4) << outcome.err;
    EXPECT_THAT(outcome.out, AllOf(HasSubstr("sequential"), HasSubstr("coroutine"), HasSubstr("throughput")));
    EXPECT_THAT(outcome.err, AllOf(HasSubstr("Block 1 of 1"), Not(HasSubstr("throughput"))));
}

TEST(RunOutput, TellsWhatTheDetectorsFoundWhereTheyWereAskedFor) {
    const auto [outcome, run] =
        test::measure({"-s", "coroutine", "-c", "4", "-n", "400", "--latency", "1ms", "--diagnose"});
    ASSERT_EQ(run.trials.size(), 1U) << outcome.err;
    EXPECT_TRUE(run.scenario.diagnose);
    const Trial& trial = run.trials[0];
    ASSERT_TRUE(trial.diagnosis.has_value());
    EXPECT_EQ(trial.diagnosis->count_of(Finding::Kind::blocking_call), 0U);
    EXPECT_EQ(trial.diagnosis->count_of(Finding::Kind::never_awaited), 0U);
    EXPECT_FALSE(trial.diagnosis->lag_ns.empty());

    const auto [plain, without] = test::measure({"-s", "coroutine", "-c", "4", "-n", "40"});
    ASSERT_EQ(without.trials.size(), 1U) << plain.err;
    EXPECT_FALSE(without.trials[0].diagnosis.has_value());
}

TEST(RunOutput, AnotherBuildTakesPartAsAForeignProgram) {
    const std::string other = "exec:" + test::asyncbench_program() + " trial --as coroutine";
    const auto [outcome, run] =
        test::measure({"-s", "coroutine," + other, "-c", "4", "-n", "40", "--latency", "1ms"});
    ASSERT_EQ(run.trials.size(), 2U) << outcome.err;
    for (const Trial& trial : run.trials) {
        EXPECT_EQ(trial.failure, "");
        EXPECT_EQ(trial.client.count, 40U);
        EXPECT_TRUE(trial.metrics.contains("loop_utilization")) << trial.strategy_name();
    }
}

TEST(RunOutput, IsQuietOnStderrWhereThatIsAskedFor) {
    const Outcome outcome = run_program(quick({"--quiet"}));
    EXPECT_THAT(outcome.err, IsEmpty());
    EXPECT_THAT(outcome.out, HasSubstr("coroutine"));
}

TEST(RunOutput, IsNothingButJsonWhereThatGoesToStdout) {
    const Outcome outcome = run_program(quick({"--json", "-"}));
    EXPECT_THAT(outcome.out, StartsWith("{"));
    const RunResult result = read_json_report(outcome.out);
    EXPECT_EQ(result.trials.size(), 4U);
    EXPECT_EQ(result.summary.size(), 4U);
    EXPECT_FALSE(result.interrupted);
    EXPECT_THAT(result.command, AllOf(StartsWith("asyncbench run"), HasSubstr("sequential,coroutine")));
}

TEST(RunOutput, GoesToADirectoryThatIsMade) {
    const Folder folder;
    const Outcome outcome = run_program(quick({"-o", folder.path("a/b")}));
    EXPECT_THAT(outcome.err, AllOf(HasSubstr("result.json"), HasSubstr("report.html")));
    EXPECT_EQ(read_json_report(test::read_file(folder.path("a/b/result.json"))).trials.size(), 4U);
    EXPECT_THAT(test::read_file(folder.path("a/b/report.html")), HasSubstr("coroutine"));
}

TEST(RunOutput, HasNoEscapeCodesWhereNoTerminalIs) {
    const Outcome outcome = run_program(quick(), {.environment = {{"TERM", "xterm-256color"}}});
    EXPECT_THAT(outcome.out, Not(HasSubstr("\x1b")));
    EXPECT_THAT(outcome.err, Not(HasSubstr("\x1b")));
}

TEST(RunOutput, IsColouredOnATerminalUnlessNoColorIsSet) {
    const Folder folder;
    run_program(quick({"--json", folder.path("r.json")}));
    const std::vector<std::string> report{"report", folder.path("r.json")};
    EXPECT_THAT(run_program(report, {.on_terminal = true}).out, HasSubstr("\x1b["));
    EXPECT_THAT(run_program(report, {.environment = {{"NO_COLOR", "1"}}, .on_terminal = true}).out,
                Not(HasSubstr("\x1b[")));
}

TEST(RunOutput, HasNoEscapeCodesOnATerminalThatObeysNone) {
    for (const char* terminal : {"dumb", ""}) {
        const Outcome outcome =
            run_program(quick(), {.environment = {{"TERM", terminal}}, .on_terminal = true});
        EXPECT_THAT(outcome.out, AllOf(HasSubstr("throughput"), HasSubstr("Block 1 of 1")));
        EXPECT_THAT(outcome.out, Not(HasSubstr("\x1b"))) << "TERM=" << terminal;
    }
}

std::size_t widest(const std::string& text) {
    std::size_t widest = 0;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) widest = std::max(widest, columns_of(line));
    return widest;
}

TEST(RunOutput, IsAsWideAsColumnsSaysWhereItGoesToAPipe) {
    const Folder folder;
    run_program(quick({"--json", folder.path("r.json")}));
    const auto at = [&](const char* columns) {
        return widest(
            run_program({"report", folder.path("r.json")}, {.environment = {{"COLUMNS", columns}}}).out);
    };
    EXPECT_LE(at("60"), 60U);
    EXPECT_GT(at("160"), 100U);
    for (const char* nonsense : {"0", "-5", "wide", "1"}) EXPECT_LE(at(nonsense), 100U) << nonsense;
    EXPECT_GT(at("0"), 60U);
}

TEST(RunOutput, IsRepeatedByACommandThatNamesNoOutput) {
    const Folder folder;
    run_program(quick({"-o", folder.path("out"), "--html=" + folder.path("r.html")}));
    const RunResult run = read_json_report(test::read_file(folder.path("out/result.json")));
    EXPECT_EQ(run.command,
              "asyncbench run -r 1 --warmup 0 -s sequential,coroutine -c 2,4 -n 40 --latency 1ms");
}

TEST(RunOutput, IsValidUtf8WhateverTheArgumentsAre) {
    const Folder folder;
    const std::string file = folder.path("r.json");
    const std::string odd = "exec:true \xff\xfe";
    std::string all = run_program(short_run({"-s", odd, "-c", "1", "-n", "1", "--json", file})).out;
    for (const char* format : {"markdown", "csv", "json"})
        all += run_program({"report", file, "--format", format}).out;
    all += run_program({"report", file, "--html", "-"}).out;
    EXPECT_THAT(all, AllOf(HasSubstr("exec:true"), Not(HasSubstr("\xff")), Not(HasSubstr("\xfe"))));
}

TEST(RunOutput, LetsNoCommandSteerTheTerminal) {
    const std::string evil = "exec:false '\x1b]0;x\x07'";
    for (const bool on_terminal : {false, true}) {
        const Outcome outcome = run_program(short_run({"-s", evil, "-c", "1", "-n", "1"}),
                                            {.environment = {{"NO_COLOR", "1"}}, .on_terminal = on_terminal});
        const std::string all = outcome.out + outcome.err;
        EXPECT_THAT(all, AllOf(HasSubstr("is lost: "), HasSubstr("exec:false '\\x1b]0;x\\x07'")));
        EXPECT_THAT(all, AllOf(Not(HasSubstr("\x1b]")), Not(HasSubstr("\x07"))));
    }
}

TEST(RunOutput, DrawsItsProgressOnATerminalAndTakesItAway) {
    const Outcome outcome = run_program(quick(), {.on_terminal = true});
    EXPECT_THAT(outcome.out, HasSubstr("[4/4]"));
    // Whatever was drawn last is gone before the table comes.
    const auto table = outcome.out.find("throughput");
    ASSERT_NE(table, std::string::npos);
    const auto drawn = outcome.out.rfind("[4/4]");
    EXPECT_LT(drawn, table);
    EXPECT_NE(outcome.out.substr(drawn, table - drawn).find("\r\x1b[K"), std::string::npos);
}

/// Every write to its stderr fails, as where the reader of a pipe has gone.
const test::ProgramOptions without_stderr{.shell_before = "exec 2>/dev/full"};

TEST(RunOutput, IsWholeThoughNobodyReadsTheProgress) {
    const Folder folder;
    const Outcome outcome = run_program(quick({"-o", folder.path("")}), without_stderr);
    EXPECT_TRUE(outcome.status == 0 || outcome.status == 4) << outcome.status;
    EXPECT_THAT(outcome.out, HasSubstr("throughput"));
    EXPECT_EQ(read_json_report(test::read_file(folder.path("result.json"))).trials.size(), 4U);
}

TEST(GateOutput, IsWholeThoughNobodyReadsTheProgress) {
    const Folder folder;
    const Outcome base = run_program({"run", "-s", "callback", "-c", "2", "-n", "40", "-r", "3", "--warmup",
                                      "0", "--json", folder.path("base.json")});
    ASSERT_TRUE(base.status == 0 || base.status == 4) << base.err;
    const Outcome outcome = run_program(
        {"gate", "--baseline", folder.path("base.json"), "--annotations", "--json", folder.path("gate.json")},
        without_stderr);
    EXPECT_NE(outcome.status, -1) << "it was ended by a signal";
    EXPECT_NE(outcome.status, 1);
    EXPECT_THAT(test::read_file(folder.path("gate.json")), HasSubstr("verdict"));
}

TEST(Complaints, KeepTheirStatusThoughNobodyReadsThem) {
    EXPECT_EQ(run_program({"run", "-s", "nonsense"}, without_stderr).status, 64);
}

TEST(ReportCommand, TellsAgainWhatTheRunTold) {
    const Folder folder;
    const Outcome run =
        run_program(quick({"--json", folder.path("r.json"), "--html", folder.path("r.html")}));
    const Outcome report = run_program({"report", folder.path("r.json"), "--json", folder.path("again.json"),
                                        "--html", folder.path("again.html")});
    EXPECT_EQ(report.status, 0);
    EXPECT_EQ(report.out, run.out);
    EXPECT_EQ(test::read_file(folder.path("again.json")), test::read_file(folder.path("r.json")));
    EXPECT_EQ(test::read_file(folder.path("again.html")), test::read_file(folder.path("r.html")));
}

TEST(ScenarioFile, SaysWhatTheFlagsSay) {
    const Folder folder;
    const std::string scenario = folder.write("mine.json", R"({"question": "Does it work?",
        "strategies": ["callback", "thread-pool:threads=2"], "concurrency": 4, "requests": 30,
        "latency": "uniform:1ms,2ms", "payload": "2KiB", "repetitions": 1, "warmup": 0, "seed": 77})");
    const RunResult result = read_json_report(run_program({"run", scenario, "--json", "-"}).out);
    EXPECT_EQ(result.scenario.name, "mine");
    EXPECT_EQ(result.scenario.question, "Does it work?");
    EXPECT_EQ(result.scenario.seed, 77U);
    ASSERT_EQ(result.trials.size(), 2U);
    for (const Trial& trial : result.trials) EXPECT_EQ(trial.client.count, 30U) << trial.failure;
}

TEST(ScenarioFile, IsOverwrittenByFlags) {
    const Folder folder;
    const std::string scenario = folder.write(
        "mine.json", R"({"strategies": "callback", "concurrency": [4, 8], "requests": 30, "latency": "1ms",)"
                     R"("repetitions": 3, "warmup": 0})");
    const RunResult result = read_json_report(
        run_program({"run", scenario, "-r", "1", "-c", "2", "-s", "sequential", "--json", "-"}).out);
    ASSERT_EQ(result.trials.size(), 1U);
    EXPECT_EQ(result.trials[0].strategy_name(), "sequential");
    EXPECT_EQ(result.trials[0].spec.plan.concurrency, 2U);
    EXPECT_EQ(result.trials[0].client.count, 30U);
}

TEST(RunOutput, KnowsNoInfiniteRate) {
    const Folder folder;
    const Outcome outcome = run_program(short_run(
        {"-s", "callback", "-c", "4", "-n", "40", "--latency", "0s", "--json", folder.path("r.json")}));
    EXPECT_THAT(outcome.out, AllOf(Not(HasSubstr("inf")), Not(HasSubstr("nan"))));
    const RunResult result = read_json_report(test::read_file(folder.path("r.json")));
    ASSERT_EQ(result.trials.size(), 1U);
    const MetricValue& ideal = result.trials[0].metrics.at("ideal_rps");
    EXPECT_EQ(ideal.value, std::nullopt);
    EXPECT_NE(ideal.reason, "");
}

TEST(RunCommand, DoesTheSameWorkForTheSameSeed) {
    const auto delays_of = [](const char* seed) {
        const RunResult result =
            read_json_report(run_program(short_run({"-s", "sequential", "-n", "30", "-c", "1", "--latency",
                                                    "exponential:1ms", "--seed", seed, "--json", "-"}))
                                 .out);
        return value_of(result.trials.at(0).metrics, "ideal_rps");
    };
    EXPECT_EQ(delays_of("5"), delays_of("5"));
    EXPECT_NE(delays_of("5"), delays_of("6"));
}

}  // namespace asyncbench::output_tests
