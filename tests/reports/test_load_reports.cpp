#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "reports/html/markup.hpp"
#include "reports/load_report.hpp"
#include "reports/report.hpp"
#include "reports/run_formats.hpp"
#include "reports/text/load_answer.hpp"
#include "tests/reports/chart_data.hpp"
#include "tests/reports/sample_load.hpp"
#include "tests/reports/sample_run.hpp"
#include "tests/reports/test_support.hpp"

namespace asyncbench::load_reports_tests {

using test::chart_data;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

std::vector<std::string> lines_of(const std::string& text) {
    std::istringstream stream(text);
    std::vector<std::string> lines;
    for (std::string line; std::getline(stream, line);) lines.push_back(line);
    return lines;
}

/// Rows of a dataset of that series.
std::vector<Json> rows_of(const Json& data, const char* set, const char* series) {
    std::vector<Json> rows;
    for (const Json& row : data["datasets"][set])
        if (row["strategy"] == series) rows.push_back(row);
    return rows;
}

TEST(LoadReport, TellsTheSameAsEverInATerminal) {
    test::expect_golden("load-80.txt", terminal_report(sample::load_run(), {.colour = false, .width = 80}));
    test::expect_golden("load-search-80.txt",
                        terminal_report(sample::load_search_run(), {.colour = false, .width = 80}));
}

TEST(LoadReport, IsReadBackAsItWasWritten) {
    for (const RunResult& run : {sample::load_run(), sample::load_search_run()}) {
        const std::string json = json_report(run);
        EXPECT_EQ(json_report(read_json_report(json)), json);
        test::expect_validator_agrees(test::Validator::ajv, "result-2.schema.json", {{json, true}});
    }
}

TEST(LoadReport, OfWhichNothingWasMeasuredSaysWhy) {
    RunResult run = sample::closed_load_run();
    run.trials.front().load.reset();
    run.trials.front().failure = "The trial was ended.";
    run.summary.clear();
    EXPECT_EQ(terminal_report(run, {}), "The trial was ended.\n");
    EXPECT_THAT(html_report(run), HasSubstr("Nothing that was measured can be used"));
    run.trials.clear();
    EXPECT_EQ(terminal_report(run, {}), "Nothing was measured.\n");
    EXPECT_THAT(markdown_report(run), HasSubstr("Nothing was measured"));
}

TEST(LoadReport, OfASearchTellsOfATrialThatKeptToItsGoals) {
    RunResult run = sample::load_search_run();
    EXPECT_EQ(load_trial(run), run.trials.data()) << "none did";
    run.scenario.goals = {Threshold::parse("p99<83ms")};
    EXPECT_EQ(load_trial(run), &run.trials[1]);
}

TEST(LoadPage, HoldsItsNumbersInTablesToo) {
    const RunResult run = sample::load_run();
    const std::string page = test::without_scripts(html_report(run));
    EXPECT_THAT(page, AllOf(HasSubstr("<h1>Load on http://127.0.0.1:8080/items?page=1</h1>"),
                            HasSubstr("p99&lt;20ms"), HasSubstr("is broken."),
                            HasSubstr("errors&lt;10% (2.49 %) holds."),
                            HasSubstr("<th scope=\"row\">from schedule</th>"),
                            HasSubstr("<th scope=\"row\">sent late (generator)</th>"),
                            HasSubstr("60 × status 503 (Service Unavailable)"),
                            HasSubstr("<code>generator-late</code> <strong>limited</strong>")));
    EXPECT_THAT(page, HasSubstr("<th scope=\"row\">40</th><td>80<td>80<td>5<td>"));
    EXPECT_THAT(page, Not(HasSubstr("stages &lt;")));
}

TEST(LoadPage, HasNoSectionOfASearchThatWasNone) {
    EXPECT_THAT(html_report(sample::load_run()), Not(HasSubstr("-search\"")));
    const std::string page = test::without_scripts(html_report(sample::load_search_run()));
    EXPECT_THAT(page,
                AllOf(HasSubstr("Keeps to p99&lt;50ms up to at least 1,450/s, and no longer at 1,490/s."),
                      HasSubstr("data-chart=\"search\""), HasSubstr("None of 4,320 requests failed.")));
    EXPECT_THAT(page, Not(HasSubstr("data-chart=\"errors\"")));
}

TEST(LoadPage, DrawsWhatWasOfferedAlongTheStages) {
    const std::vector<Json> rows = rows_of(chart_data(sample::load_run()), "rate", "offered");
    ASSERT_EQ(rows.size(), 41U);
    EXPECT_EQ(rows[0]["value"], 0);
    EXPECT_EQ(rows[10]["value"], 60);
    EXPECT_EQ(rows[20]["value"], 120);
    EXPECT_EQ(rows[40]["value"], 120);
    EXPECT_TRUE(rows_of(chart_data(sample::closed_load_run()), "rate", "offered").empty());
}

TEST(LoadPage, LeavesOutALastSecondThatSaysLittle) {
    RunResult run = sample::closed_load_run();
    run.trials.front().metrics["elapsed_ns"] = {4.3e9, {}};
    EXPECT_EQ(rows_of(chart_data(run), "rate", "answered").size(), 4U);
    run.trials.front().metrics["elapsed_ns"] = {4.6e9, {}};
    const std::vector<Json> rows = rows_of(chart_data(run), "rate", "answered");
    ASSERT_EQ(rows.size(), 5U);
    EXPECT_NEAR(rows.back()["value"].get<double>(), 400 / 0.6, 0.1);
}

TEST(LoadPage, OfAnHourHasPointsOfSeveralSeconds) {
    const RunResult run = sample::long_load_run();
    const Json data = chart_data(run);
    const std::vector<Json> rates = rows_of(data, "rate", "answered");
    ASSERT_EQ(rates.size(), 600U);
    EXPECT_EQ(rates.back()["second"], 3597);
    EXPECT_NEAR(rates.front()["value"].get<double>(), 5, 1e-9);
    std::int64_t slowest = 0;
    for (std::size_t i = 0; i < 6; ++i)
        slowest = std::max(slowest, run.trials.front().load->seconds[i].max_ns.value());
    EXPECT_NEAR(rows_of(data, "times", "max").front()["milliseconds"].get<double>(),
                static_cast<double>(slowest) / 1e6, 1e-6);
    const std::string page = html_report(run);
    EXPECT_THAT(page, HasSubstr("A point stands for 6 seconds: the mean of rates, the highest of times."));
    EXPECT_LT(page.size(), 1'500'000U);
}

TEST(LoadPage, EscapesTextFromOutside) {
    const std::string html = html_report(sample::hostile_load_run());
    EXPECT_EQ(html.find(sample::hostile_text), std::string::npos);
    EXPECT_EQ(html.find("<script>window.hostile"), std::string::npos);
    EXPECT_THAT(test::without_scripts(html), HasSubstr(escape_html(sample::hostile_text)));
}

TEST(LoadPage, StandsBesideOtherResults) {
    const RunResult runs[] = {sample::load_run(), sample::single_run(), sample::closed_load_run()};
    const std::string page = html_report(runs, {});
    EXPECT_THAT(page, AllOf(HasSubstr("<h2 id=\"run-1-title\">1. Load on"),
                            HasSubstr("<h3 id=\"run-3-generator\">The generator</h3>"),
                            HasSubstr("<h3 id=\"run-2-throughput\">")));
}

TEST(LoadCsv, HasARowForEachSecondOfEachTrial) {
    const RunResult runs[] = {sample::load_run(), sample::load_search_run()};
    const auto lines = lines_of(csv_report(runs, CsvRows::seconds));
    ASSERT_EQ(lines.size(), 1U + 40 + 3 * 5);
    EXPECT_EQ(lines[0],
              "scenario,started_utc,concurrency,repetition,offered_rps,second,sent,answered,errors,"
              "received_bytes,p50_ns,p90_ns,p99_ns,max_ns");
    EXPECT_THAT(lines[1], testing::EndsWith(",0,80,0,0,20000,,,,")) << "without an answer there is no time";
    EXPECT_THAT(lines.back(), testing::StartsWith("load,2000-01-01T00:00:00Z,50,2,"));
}

TEST(LoadCsv, MakesNoFormulaOfText) {
    RunResult run = sample::hostile_load_run();
    run.scenario.name = "=1+1";
    EXPECT_THAT(lines_of(csv_report({&run, 1}, CsvRows::seconds)).at(1), testing::StartsWith("'=1+1,"));
}

}  // namespace asyncbench::load_reports_tests
