#include "reports/history_report.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/reports/sample_run.hpp"
#include "tests/reports/test_support.hpp"

namespace asyncbench::history_report_tests {

using test::expect_golden;
using test::widest_line;
using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

/// MADE UP: nobody measured these numbers. A run a day; from day 8 on the p50 is longer, and on day 5 the
/// kernel is another.
std::vector<HistoryRun> slower_history() {
    std::vector<HistoryRun> runs;
    for (int day = 1; day <= 14; ++day) {
        HistoryRun run;
        run.time_utc = fmt::format("2026-03-{:02}T12:00:00Z", day);
        run.commit = day == 2 ? "" : fmt::format("{:02}23456789abcdef0123456789abcdef01234567", day);
        run.work = history_run(sample::single_run(), "", "").work;
        run.environment.facts = {{"kernel", day < 5 ? "6.1" : "6.5", ""}};
        const double p50 = (day < 8 ? 20e6 : 23e6) + day % 3 * 1e5;
        run.values = {{"callback", 64, "throughput_rps", {3000.0 + day % 4, 2990, 3010, 0.9375}},
                      {"coroutine", 64, "service_p50_ns", {p50, p50 - 1e5, p50 + 1e5, 0.9375}}};
        runs.push_back(run);
    }
    return runs;
}

std::string told(const std::vector<HistoryRun>& runs, TerminalStyle style = {}) {
    return history_terminal_report(runs, history_series(runs, {}), style);
}

TEST(HistoryReport, TellsSeriesWithTheirChanges) {
    expect_golden("history-100.txt", told(slower_history(), {.colour = false, .width = 100}));
}

TEST(HistoryReport, SaysThatFewRunsCanShowNoChange) {
    std::vector<HistoryRun> runs = slower_history();
    EXPECT_THAT(told(runs), Not(HasSubstr("ten runs")));
    runs.resize(9);
    EXPECT_THAT(told(runs), AllOf(HasSubstr("ten runs"), Not(HasSubstr("changed from"))));
}

TEST(HistoryReport, CallsAFallBetterOrWorseAsTheMetricIs) {
    std::vector<HistoryRun> runs = slower_history();
    for (HistoryRun& run : runs) {
        for (HistoryValue& value : run.values) value.estimate.value = -value.estimate.value;
    }
    EXPECT_THAT(told(runs), HasSubstr(": better"));
    for (HistoryRun& run : runs) run.values[1].metric = "throughput_rps";
    EXPECT_THAT(told(runs), HasSubstr(": worse"));
    for (HistoryRun& run : runs) run.values[1].metric = "invented";
    EXPECT_THAT(told(runs),
                AllOf(HasSubstr("changed from"), Not(HasSubstr(": worse")), Not(HasSubstr(": better"))));
}

TEST(HistoryReport, SaysNoPercentageOfNothing) {
    std::vector<HistoryRun> runs = slower_history();
    for (std::size_t i = 0; i < runs.size(); ++i) runs[i].values[1].estimate.value = i < 7 ? 0 : 1e6;
    EXPECT_THAT(told(runs), AllOf(HasSubstr("changed from"), Not(HasSubstr("inf"))));
}

TEST(HistoryReport, IsColouredWhereThatIsAskedFor) {
    EXPECT_THAT(told(slower_history()), Not(HasSubstr("\x1b")));
    EXPECT_THAT(told(slower_history(), {.colour = true, .width = 100}), HasSubstr("\x1b[31m"));
}

TEST(HistoryReport, IsNoWiderThanTheTerminalWhereItCanBe) {
    EXPECT_LE(widest_line(told(slower_history(), {.colour = false, .width = 60})), 60U);
}

TEST(HistoryReport, LetsNoTextSteerTheTerminal) {
    std::vector<HistoryRun> runs = slower_history();
    const std::string hostile = "\x1b]0;title\a\r\n\xE2\x80\xAE";
    for (HistoryRun& run : runs) {
        run.commit = hostile;
        run.work = hostile;
        run.values[0].strategy = hostile;
        run.values[1].metric = hostile;
    }
    runs[3].environment.facts[0].value = hostile;
    const std::string text = told(runs);
    for (const char* bytes : {"\x1b", "\a", "\r", "\xE2\x80\xAE"}) EXPECT_THAT(text, Not(HasSubstr(bytes)));
}

TEST(HistoryReport, GroupsSeriesByTheirWork) {
    std::vector<HistoryRun> runs = slower_history();
    runs[0].work = R"({"latency":"77ms"})";
    EXPECT_THAT(told(runs), AllOf(HasSubstr("latency 77ms"), HasSubstr("latency lognormal")));
}

OtavaCsv csv_of(const std::vector<HistoryRun>& runs) {
    return history_otava_csv(runs, history_series(runs, {}));
}

TEST(OtavaCsv, HasATimeACommitAndAColumnForEachMetric) {
    std::vector<HistoryRun> runs = slower_history();
    runs.resize(2);
    const OtavaCsv csv = csv_of(runs);
    EXPECT_EQ(csv.text,
              "time,commit,callback at 64 throughput_rps,coroutine at 64 service_p50_ns\n"
              "2026-03-01T12:00:00Z,0123456789abcdef0123456789abcdef01234567,3001,20100000\n"
              "2026-03-02T12:00:00Z,,3002,20200000\n");
    EXPECT_EQ(csv.runs, 2U);
    EXPECT_EQ(csv.left_out, 0U);
}

TEST(OtavaCsv, QuotesWhatHoldsItsMarks) {
    std::vector<HistoryRun> runs = slower_history();
    runs.resize(1);
    runs[0].commit = "a,b";
    runs[0].values.resize(1);
    runs[0].values[0].strategy = "exec:say \"hi\"\nthere";
    EXPECT_EQ(csv_of(runs).text,
              "time,commit,\"exec:say \"\"hi\"\"\nthere at 64 throughput_rps\"\n"
              "2026-03-01T12:00:00Z,\"a,b\",3001\n");
}

TEST(OtavaCsv, LeavesOutRunsThatLackAValueOrDidOtherWork) {
    std::vector<HistoryRun> runs = slower_history();
    runs[3].values.pop_back();
    runs[5].work = "{}";
    const OtavaCsv csv = csv_of(runs);
    EXPECT_EQ(csv.runs, 12U);
    EXPECT_EQ(csv.left_out, 2U);
    EXPECT_THAT(csv.text, AllOf(Not(HasSubstr("03-04T")), Not(HasSubstr("03-06T")), HasSubstr("03-07T")));
}

TEST(OtavaCsv, OfNoRunsIsAHeading) {
    EXPECT_EQ(csv_of({}).text, "time,commit\n");
}

}  // namespace asyncbench::history_report_tests
