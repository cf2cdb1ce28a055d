#include "reports/run_formats.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "reports/formats/benchfmt.hpp"
#include "reports/formats/csv.hpp"
#include "reports/formats/percentile_text.hpp"
#include "reports/markdown/markdown.hpp"
#include "tests/reports/sample_load.hpp"
#include "tests/reports/sample_run.hpp"
#include "tests/reports/test_support.hpp"
#include "tests/support/paths/paths.hpp"

namespace asyncbench::run_formats_tests {

using testing::AllOf;
using testing::Each;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

std::vector<std::string> lines_of(const std::string& text) {
    std::istringstream stream(text);
    std::vector<std::string> lines;
    for (std::string line; std::getline(stream, line);) lines.push_back(line);
    return lines;
}

/// Fields of one line, as RFC 4180 has them.
std::vector<std::string> fields_of(const std::string& line) {
    std::vector<std::string> fields{""};
    bool quoted = false;
    for (std::size_t i = 0; i < line.size(); ++i) {
        if (quoted && line[i] == '"' && i + 1 < line.size() && line[i + 1] == '"') {
            fields.back() += line[++i];
        } else if (line[i] == '"') {
            quoted = !quoted;
        } else if (line[i] == ',' && !quoted) {
            fields.emplace_back();
        } else {
            fields.back() += line[i];
        }
    }
    return fields;
}

using Table = std::vector<std::map<std::string, std::string>>;

Table read_csv(const std::string& text) {
    const auto lines = lines_of(text);
    const auto headings = fields_of(lines.at(0));
    Table table;
    for (std::size_t i = 1; i < lines.size(); ++i) {
        const auto fields = fields_of(lines[i]);
        EXPECT_EQ(fields.size(), headings.size()) << lines[i];
        auto& row = table.emplace_back();
        for (std::size_t k = 0; k < fields.size(); ++k) row[headings.at(k)] = fields[k];
    }
    return table;
}

TEST(CsvLine, QuotesWhatWouldPartIt) {
    EXPECT_EQ(CsvLine().text("a").text("b,c").text("say \"so\"").number(1.5).number({}).flag(true).line(),
              "a,\"b,c\",\"say \"\"so\"\"\",1.5,,true\n");
}

TEST(CsvLine, LetsNoSpreadsheetTakeTextForAFormula) {
    for (const char* formula : {"=1+1", "+1", "-1", "@SUM(A1)"}) {
        EXPECT_EQ(CsvLine().text(formula).line(), "'" + std::string(formula) + "\n");
    }
    EXPECT_EQ(CsvLine().text("\t=1").text("a\r\n=1").number(-1).line(), "\\x09=1,a\\x0d\\n=1,-1\n");
}

TEST(CsvReport, HasARowForEachMetricOfEachCell) {
    const RunResult run = sample::clean_run();
    const Table table = read_csv(csv_report({&run, 1}, CsvRows::cells));
    std::size_t expected = 0;
    for (const Cell& cell : run.summary) expected += cell.metrics.size() + cell.unknown.size();
    EXPECT_EQ(table.size(), expected);
    const Cell& cell = run.summary.front();
    const auto row = std::find_if(table.begin(), table.end(), [&](const auto& each) {
        return each.at("strategy") == cell.strategy.name && each.at("metric") == "service_p50_ns" &&
               each.at("concurrency") == std::to_string(cell.concurrency);
    });
    ASSERT_NE(row, table.end());
    const Estimate& estimate = cell.metrics.at("service_p50_ns");
    EXPECT_EQ(std::stod(row->at("value")), estimate.value);
    EXPECT_EQ(std::stod(row->at("low")), estimate.low);
    EXPECT_EQ(std::stod(row->at("high")), estimate.high);
    EXPECT_EQ(std::stod(row->at("confidence")), estimate.confidence);
    EXPECT_EQ(row->at("unit"), "ns");
    EXPECT_EQ(row->at("trials"), "5");
    EXPECT_EQ(row->at("standing"), "ok");
}

TEST(CsvReport, LeavesTheUnknownEmptyAndSaysWhy) {
    const RunResult run = sample::troubled_run();
    int unknown = 0;
    for (const auto& row : read_csv(csv_report({&run, 1}, CsvRows::cells))) {
        EXPECT_NE(row.at("value").empty(), row.at("reason").empty()) << row.at("metric");
        if (row.at("value").empty()) ++unknown;
    }
    EXPECT_GT(unknown, 0);
}

TEST(CsvReport, HasARowOfACellOfWhichNothingIsKnown) {
    RunResult run = sample::single_run();
    Cell& cell = run.summary.front();
    cell.used_trials = 0;
    cell.metrics.clear();
    cell.unknown.clear();
    cell.warnings = {{"target-late", "The target answered late.", WarningKind::wrong}};
    const auto rows = read_csv(csv_report({&run, 1}, CsvRows::cells));
    ASSERT_GE(rows.size(), 1U);
    EXPECT_EQ(rows.front().at("metric"), "");
    EXPECT_EQ(rows.front().at("standing"), "wrong");
    EXPECT_THAT(rows.front().at("reason"),
                AllOf(HasSubstr("0 of "), HasSubstr("target-late: The target answered late.")));
}

TEST(CsvReport, TellsOfEachTrialLostOnesToo) {
    const RunResult run = sample::troubled_run();
    std::set<std::string> orders;
    bool lost = false;
    for (const auto& row : read_csv(csv_report({&run, 1}, CsvRows::trials))) {
        orders.insert(row.at("order"));
        lost =
            lost || (row.at("metric").empty() && row.at("standing") == "lost" && !row.at("reason").empty());
    }
    EXPECT_EQ(orders.size(), run.trials.size());
    EXPECT_TRUE(lost);
}

TEST(CsvReport, TellsRunsApartByWhenTheyBegan) {
    std::vector<RunResult> runs{sample::single_run(), sample::single_run()};
    runs[1].started_utc = "2031-01-01T00:00:00Z";
    std::set<std::string> begun;
    for (const auto& row : read_csv(csv_report(runs, CsvRows::cells))) begun.insert(row.at("started_utc"));
    EXPECT_EQ(begun.size(), 2U);
}

TEST(CsvReport, KeepsHostileTextInItsField) {
    RunResult run = sample::hostile_run();
    run.scenario.name = "=HYPERLINK(\"x\")";
    const Table table = read_csv(csv_report({&run, 1}, CsvRows::cells));
    ASSERT_FALSE(table.empty());
    for (const auto& row : table) EXPECT_EQ(row.at("scenario"), "'=HYPERLINK(\"x\")");
}

TEST(BenchfmtName, HasNoSpaceOfAnyKind) {
    EXPECT_EQ(benchfmt_name("a b\u00a0c\u2003d\u3000e\tf\ng"), "a_b_c_d_e\\x09f\\ng");
    EXPECT_EQ(benchfmt_part("exec:/bin/a b"), "exec:_bin_a_b");
}

std::vector<std::string> benchmark_lines(const RunResult& run) {
    std::vector<std::string> lines;
    for (std::string& line : lines_of(benchfmt_report(run))) {
        if (line.starts_with("Benchmark")) lines.push_back(std::move(line));
    }
    return lines;
}

TEST(BenchfmtReport, HasALineForEachValidTrial) {
    const RunResult run = sample::troubled_run();
    const auto usable =
        std::count_if(run.trials.begin(), run.trials.end(), [](const auto& trial) { return trial.usable(); });
    EXPECT_LT(static_cast<std::size_t>(usable), run.trials.size());
    const auto lines = benchmark_lines(run);
    EXPECT_EQ(lines.size(), static_cast<std::size_t>(usable));
    EXPECT_THAT(lines,
                Each(testing::MatchesRegex(
                    "BenchmarkRun/strategy=[^/ ]+/concurrency=[0-9]+ [0-9]+( [0-9.e+-]+ [a-z0-9-]+)+")));
}

// What benchstat of golang.org/x/perf (bedb9135df6d, 2024-05-10) says of golden/run.benchfmt is kept in
// golden/run.benchstat:
//     benchstat -col /strategy -row /concurrency run.benchfmt
TEST(BenchfmtReport, IsWhatBenchstatHasRead) {
    test::expect_golden("run.benchfmt", benchfmt_report(sample::clean_run()));
    const std::string said = test::read_file(test::source_dir() + "/tests/reports/golden/run.benchstat");
    EXPECT_THAT(said, AllOf(HasSubstr("sequential"), HasSubstr("coroutine"), HasSubstr("service-p50-sec")));
    EXPECT_THAT(said, Not(HasSubstr("parsing")));
    // What it read is what was written: in the first table's rows, the medians of the cells.
    const RunResult run = sample::clean_run();
    const auto lines = lines_of(said);
    for (const std::uint32_t concurrency : run.scenario.concurrency) {
        const auto row = std::find_if(lines.begin(), lines.end(), [&](const std::string& line) {
            return line.starts_with(fmt::format("{} ", concurrency));
        });
        ASSERT_NE(row, lines.end()) << concurrency;
        for (const Cell& cell : run.summary) {
            if (cell.concurrency != concurrency) continue;
            const double median = cell.metrics.at("throughput_rps").value;
            EXPECT_THAT(*row, HasSubstr(fmt::format(" {:.2f} ± ", median))) << cell.strategy.text();
        }
    }
    // A table for each unit that the file has, of which benchstat turns nanoseconds into seconds.
    for (const std::string unit :
         {"throughput-rps", "service-p50-sec", "service-p99-sec", "response-p50-sec", "response-p99-sec",
          "cpu-us-per-request", "peak-rss-bytes", "memory-per-in-flight-bytes"}) {
        EXPECT_THAT(said, HasSubstr("│ " + unit));
    }
    EXPECT_TRUE(said.ends_with("level 0.95\n"));
}

TEST(BenchfmtReport, KeepsHostileTextInItsWord) {
    EXPECT_EQ(benchmark_lines(sample::hostile_run()).size(), [] {
        const RunResult run = sample::hostile_run();
        return static_cast<std::size_t>(std::count_if(run.trials.begin(), run.trials.end(),
                                                      [](const auto& each) { return each.usable(); }));
    }());
}

TEST(PercentileTables, AreOfServiceAndResponseTimeOfEachCell) {
    const RunResult run = sample::clean_run();
    const auto tables = percentile_tables(run);
    EXPECT_EQ(tables.size(), 2 * run.summary.size());
    const auto table = std::find_if(tables.begin(), tables.end(),
                                    [](const auto& each) { return each.name == "coroutine-at-64-response"; });
    ASSERT_NE(table, tables.end());
    const auto cell = std::find_if(run.summary.begin(), run.summary.end(), [](const Cell& each) {
        return each.strategy.name == "coroutine" && each.concurrency == 64;
    });
    EXPECT_EQ(table->text, percentile_text(cell->response_time_ns));
}

TEST(PercentileTables, HaveNamesThatAreSafeAndTheirOwn) {
    RunResult run = sample::clean_run();
    run.summary.resize(2);
    run.summary[0].strategy = StrategySpec::parse("exec:../../etc/passwd; rm");
    run.summary[1].strategy = StrategySpec::parse("exec:..//../etc/passwd; rm");
    std::set<std::string> names;
    for (const PercentileTable& table : percentile_tables(run)) {
        EXPECT_THAT(table.name, testing::MatchesRegex("[A-Za-z0-9-]+"));
        names.insert(table.name);
    }
    EXPECT_EQ(names.size(), 4U);
}

TEST(MarkdownCode, EndsWhereItIsMeantToEnd) {
    EXPECT_EQ(code_markdown("a b"), "` a b `");
    EXPECT_EQ(code_markdown("`a` ``b``"), "``` `a` ``b`` ```");
    EXPECT_EQ(code_markdown("a\n```\nb"), "```` a\\n```\\nb ````");
}

TEST(MarkdownReport, TellsTheAnswerFirst) {
    const auto lines = lines_of(markdown_report(sample::clean_run()));
    EXPECT_THAT(lines.at(0), StartsWith("### "));
    EXPECT_THAT(lines.at(2), AllOf(StartsWith("**Choose coroutine or callback: at 256 concurrent requests"),
                                   testing::EndsWith("**")));
}

TEST(MarkdownReport, TellsTheSameAsEver) {
    test::expect_golden("clean.md", markdown_report(sample::clean_run()));
    test::expect_golden("troubled.md", markdown_report(sample::troubled_run()));
    test::expect_golden("load.md", markdown_report(sample::load_run()));
}

TEST(MarkdownReport, FitsIntoACommentOfGitHub) {
    EXPECT_LT(markdown_report(sample::large_run(10, 4, 10)).size(), 65536U);
}

TEST(MarkdownReport, LetsNoTextBecomeMarkup) {
    const std::string text = markdown_report(sample::hostile_run());
    for (const std::string& line : lines_of(text)) {
        if (line.starts_with("Repeat it: `")) continue;  // code
        if (line.find('<') != std::string::npos) {
            EXPECT_THAT(line, testing::ContainsRegex("^</?(details|details><summary)>"));
        }
    }
}

/// As cmark-gfm, which GitHub renders with, makes it HTML.
std::string rendered(const std::string& markdown) {
    const test::TemporaryDirectory directory;
    const auto file = directory.path() / "text.md";
    test::write_file(file, markdown);
    const auto result = test::run_command(
        "cmark-gfm --unsafe -e table -e autolink -e strikethrough -e tagfilter '" + file.string() + "'");
    EXPECT_EQ(result.status, 0) << result.output << "scripts/setup installs cmark-gfm.";
    return result.output;
}

/// What GitHub then searches for people and issues: the text without tags, and without code.
std::string searched(std::string html) {
    for (const auto& [begin, end] : {std::pair<std::string, std::string>{"<code>", "</code>"}, {"<", ">"}}) {
        for (auto at = html.find(begin); at != std::string::npos; at = html.find(begin, at)) {
            const auto behind = html.find(end, at);
            html.replace(at, behind == std::string::npos ? behind : behind + end.size() - at, " ");
        }
    }
    return html;
}

void expect_nothing_but_text(const std::string& markdown) {
    const std::string html = rendered(markdown);
    for (const char* tag : {"<a", "<img", "<script", "<b>", "<del", "<!--"}) {
        EXPECT_THAT(html, Not(HasSubstr(tag))) << markdown;
    }
    const std::string text = searched(html);
    EXPECT_THAT(text, Not(testing::ContainsRegex("@[A-Za-z0-9_\"]"))) << markdown;
    EXPECT_THAT(text, Not(testing::ContainsRegex("[#!$~%][0-9A-Za-z\"]"))) << markdown;
    EXPECT_THAT(text, Not(testing::ContainsRegex("&amp;[0-9]"))) << markdown;
    EXPECT_THAT(text, Not(testing::ContainsRegex("[Gg][Hh]-[0-9]"))) << markdown;
    EXPECT_THAT(text, Not(HasSubstr("://"))) << markdown;
}

constexpr const char* linking =
    "@team owner/name@1a2b3c4 (#1) owner/name#12 GH-3 gh-4 !5 $6 ~bug %7 &8 https://example.com/x "
    "HTTP://EXAMPLE.COM ftp://example.com www.example.com WWW.example.com a.b@example.com "
    "mailto:a@example.com xmpp:a@example.com <https://example.com> [x](https://example.com) ![x](y) ~~z~~";

TEST(EscapeMarkdown, MentionsNobodyAndLinksNothingWhereGitHubRendersIt) {
    // That the renderer would, and the search finds it.
    const std::string html = rendered(linking);
    EXPECT_THAT(html, AllOf(HasSubstr("<a href=\"https://example.com/x\""),
                            HasSubstr("<a href=\"http://www.example.com\""),
                            HasSubstr("<a href=\"mailto:a.b@example.com\""), HasSubstr("<img")));
    EXPECT_THAT(searched(rendered("&#64;team \\#1")), HasSubstr("@team #1"));
    expect_nothing_but_text(escape_markdown(linking));
    MarkdownTable table;
    table.add_column(linking);
    table.add_row({linking});
    EXPECT_THAT(rendered(table.text()), HasSubstr("<td"));
    expect_nothing_but_text(table.text());
    // Nothing is lost but what cannot be seen.
    std::string shown = rendered(escape_markdown("98.4 % of 1,000 & more: 20 @ 5, www, a # b"));
    EXPECT_EQ(shown, "<p>98.4 % of 1,000 &amp; more: 20 @ 5, www, a # b</p>\n");
}

TEST(MarkdownReport, MentionsNobodyAndLinksNothing) {
    RunResult run = sample::hostile_run();
    run.scenario.name = run.scenario.question = linking;
    run.scenario.target = linking;
    run.tool_version = run.command = run.started_utc = linking;
    run.warnings = {{"code", linking, WarningKind::note}};
    run.environment.facts = {{linking, linking, {}}};
    expect_nothing_but_text(markdown_report(run));
    run.scenario.target = "https://example.com/";
    expect_nothing_but_text(markdown_report(run));
}

TEST(MarkdownReport, OfALoadMentionsNobodyAndLinksNothing) {
    RunResult run = sample::hostile_load_run();
    expect_nothing_but_text(markdown_report(run));
    run.scenario.question.clear();
    run.scenario.target = "https://example.com/@team#1";
    run.search->goals = {linking};
    for (RateStep& step : run.search->steps) step.why = linking;
    run.warnings = {{"code", linking, WarningKind::note}};
    run.trials.front().endings.add({ErrorClass::other, linking, 1});
    ++run.trials.front().errors.other;
    expect_nothing_but_text(markdown_report(run));
}

TEST(MarkdownReport, SaysWhenThereIsNothing) {
    EXPECT_THAT(markdown_report(RunResult{}), HasSubstr("Nothing was measured, so that there is no answer."));
}

}  // namespace asyncbench::run_formats_tests
