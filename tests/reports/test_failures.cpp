// Why requests failed, in every form in which a run is told.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "reports/report.hpp"
#include "reports/run_formats.hpp"
#include "reports/text/failures.hpp"
#include "tests/reports/sample_run.hpp"
#include "tests/reports/test_support.hpp"

namespace asyncbench::failure_reports_tests {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;

/// clean_run() in which the first trial of coroutine at 64 failed in two ways.
RunResult failing_run() {
    RunResult run = sample::clean_run();
    for (Trial& trial : run.trials) {
        if (trial.strategy_name() != "coroutine" || trial.spec.plan.concurrency != 64) continue;
        trial.errors.status = 60;
        trial.errors.connect = 161;
        trial.endings.statuses = {{200, 900}, {503, 60}};
        trial.endings.add({ErrorClass::connect, "refused <b>", 161});
        break;
    }
    return run;
}

TEST(WhyRequestsFailed, IsInEveryReport) {
    const RunResult run = failing_run();
    for (const std::string& text : {terminal_report(run, {.colour = false, .width = 200}),
                                    markdown_report(run), test::without_scripts(html_report(run, {}))}) {
        EXPECT_THAT(text, AllOf(HasSubstr("60 × status 503"), HasSubstr("161 × connect: refused")));
        EXPECT_THAT(text, Not(HasSubstr("refused <b></"))) << "it is text";
    }
    const std::string csv = csv_report({&run, 1}, CsvRows::cells);
    EXPECT_THAT(csv, AllOf(HasSubstr(",64,status_503,,60,"), HasSubstr(",64,failed_connect,,161,"),
                           HasSubstr(",refused <b>\n")));
    EXPECT_THAT(csv_report({&run, 1}, CsvRows::trials), HasSubstr("failed_connect,,161,"));
}

TEST(WhyRequestsFailed, ComesBackFromTheJsonOfAResult) {
    const RunResult back = read_json_report(json_report(failing_run()));
    const auto failures = failures_by_cell(back);
    ASSERT_THAT(failures, SizeIs(1));
    EXPECT_EQ(describe(failures.front()), describe(failures_by_cell(failing_run()).front()));
}

TEST(WhyRequestsFailed, IsNotSpokenOfWhereNoneDid) {
    const RunResult run = sample::clean_run();
    EXPECT_THAT(failure_lines(run, 5), SizeIs(0));
    EXPECT_THAT(terminal_report(run, {}), Not(HasSubstr("requests failed")));
}

TEST(WhyRequestsFailed, IsToldOfSoManyCells) {
    RunResult run = sample::clean_run();
    for (Trial& trial : run.trials) trial.errors.timeout = 1;
    EXPECT_THAT(failure_lines(run, 3), testing::Contains(testing::StartsWith("and ")));
    EXPECT_THAT(failure_lines(run, 3), SizeIs(4));
}

}  // namespace asyncbench::failure_reports_tests
