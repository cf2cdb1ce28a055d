#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "analysis/summary.hpp"
#include "reports/report.hpp"
#include "tests/reports/sample_findings.hpp"
#include "tests/reports/sample_run.hpp"
#include "tests/reports/test_support.hpp"

namespace asyncbench::terminal_report_tests {

using test::expect_golden;
using test::widest_line;
using testing::HasSubstr;
using testing::Not;

TEST(TerminalReport, TellsACleanRun) {
    expect_golden("clean-100.txt", terminal_report(sample::clean_run(), {.colour = false, .width = 100}));
}

TEST(TerminalReport, TellsATroubledRun) {
    expect_golden("troubled-100.txt",
                  terminal_report(sample::troubled_run(), {.colour = false, .width = 100}));
}

TEST(TerminalReport, TellsWhatTheDetectorsFound) {
    expect_golden("diagnosed-100.txt",
                  terminal_report(sample::diagnosed_run(), {.colour = false, .width = 100}));
}

TEST(TerminalReport, TellsWhatAProgramFoundUnasked) {
    RunResult run = sample::diagnosed_run();
    run.scenario.diagnose = false;
    EXPECT_THAT(terminal_report(run, {}), HasSubstr("What the detectors found"));
}

TEST(TerminalReport, SaysNothingOfDetectorsThatWereOff) {
    EXPECT_THAT(terminal_report(sample::clean_run(), {}), Not(HasSubstr("detectors")));
}

TEST(TerminalReport, FitsItsWidth) {
    for (const int width : {80, 100, 120, 200}) {
        for (const auto& run : {sample::clean_run(), sample::troubled_run(), sample::diagnosed_run(),
                                sample::large_run(3, 10, 2)}) {
            EXPECT_LE(widest_line(terminal_report(run, {.colour = false, .width = width})),
                      static_cast<std::size_t>(width));
        }
    }
}

TEST(TerminalReport, HasTwoTablesAndFurtherColumnsWhereThereIsRoom) {
    for (const int width : {80, 120, 200}) {
        const std::string text = terminal_report(sample::clean_run(), {.colour = false, .width = width});
        std::size_t tables = 0;
        for (std::size_t at = text.find("strategy "); at != std::string::npos;
             at = text.find("strategy ", at + 1))
            ++tables;
        EXPECT_EQ(tables, 2U) << width;
        EXPECT_EQ(text.find("p99.9") != std::string::npos, width > 80) << width;
    }
}

TEST(TerminalReport, SaysWhatItsColumnsAndMarksMean) {
    EXPECT_THAT(terminal_report(sample::clean_run(), {}), HasSubstr("of ideal: throughput as a share of"));
    EXPECT_THAT(terminal_report(sample::clean_run(), {}), Not(HasSubstr("!: wrong")));
    EXPECT_THAT(terminal_report(sample::troubled_run(), {}), HasSubstr("!: wrong, and not ranked"));
}

TEST(TerminalReport, TellsOfABatchWhatItsUsersWait) {
    EXPECT_THAT(terminal_report(sample::single_run(), {}), HasSubstr("response p50"));
    EXPECT_THAT(terminal_report(sample::clean_run(), {}), HasSubstr("latency p50"));
}

TEST(TerminalReport, TellsWhatAProgramItselfFoundDisturbing) {
    RunResult run = sample::clean_run();
    run.trials[0].warnings.push_back({"disk-full", "The disk was full.", WarningKind::disturbed});
    run.summary = summarize(run.scenario, run.trials);
    EXPECT_THAT(terminal_report(run, {}), HasSubstr("- disk-full: The disk was full."));
}

TEST(TerminalReport, HasColourOnlyWhenToldSo) {
    EXPECT_THAT(terminal_report(sample::troubled_run(), {.colour = false}), Not(HasSubstr("\x1b")));
    EXPECT_THAT(terminal_report(sample::troubled_run(), {.colour = true}),
                HasSubstr("\x1b[31m! thread-pool"));
}

TEST(TerminalReport, TextFromOutsideDoesNotSteerTheTerminal) {
    RunResult run = sample::clean_run();
    run.scenario.question = "\x1b[2J\x07 evil";
    run.warnings.push_back({"evil", "\x1b]0;title\x07", WarningKind::note});
    EXPECT_THAT(terminal_report(run, {.colour = false}),
                Not(testing::AnyOf(HasSubstr("\x1b"), HasSubstr("\x07"))));
}

TEST(TerminalReport, SaysWhyAStrategyIsUnavailableAndRanksTheOthers) {
    const RunResult run = sample::unavailable_run();
    ASSERT_TRUE(run.usable());
    const std::string text = terminal_report(run, {.width = 200});
    EXPECT_THAT(text, HasSubstr("Not available for this work: coroutine. Disks have no client on a loop."));
    EXPECT_THAT(text, HasSubstr("- unavailable: Disks have no client on a loop."));
    EXPECT_THAT(text, Not(HasSubstr("! ")));
    EXPECT_THAT(text, Not(HasSubstr("Wrong")));

    const std::string json = json_report(run);
    EXPECT_THAT(json, HasSubstr("\"standing\": \"unavailable\""));
    const RunResult read = read_json_report(json);
    EXPECT_TRUE(read.usable());
    EXPECT_TRUE(read.summary.back().unavailable());
    EXPECT_THAT(html_report(read), HasSubstr("not available for this work"));
}

TEST(TerminalReport, TellsARunWithoutTrials) {
    EXPECT_THAT(terminal_report(RunResult{}, {}), HasSubstr("no answer"));
}

}  // namespace asyncbench::terminal_report_tests
