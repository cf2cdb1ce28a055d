#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <limits>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "harness/trial/json_fields.hpp"
#include "reports/gate_report.hpp"
#include "reports/html/markup.hpp"
#include "reports/markdown/markdown.hpp"
#include "reports/text/gate_text.hpp"
#include "reports/text/human.hpp"
#include "tests/reports/sample_gate.hpp"
#include "tests/reports/sample_run.hpp"
#include "tests/reports/test_support.hpp"
#include "tests/support/paths/paths.hpp"

namespace asyncbench::gate_reports_tests {

using test::expect_golden;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

std::string terminal(const GateResult& result, int width = 100) {
    return gate_terminal_report(result, {.colour = false, .width = width});
}

TEST(GateTerminalReport, TellsAGateThatHolds) {
    expect_golden("gate-passing-100.txt", terminal(sample::passing_gate()));
}

TEST(GateTerminalReport, TellsAGateThatFails) {
    expect_golden("gate-failing-100.txt", terminal(sample::failing_gate()));
}

TEST(GateTerminalReport, ShowsReasonsInTheTableWhereTheyFit) {
    expect_golden("gate-failing-200.txt", terminal(sample::failing_gate(), 200));
}

TEST(GateReport, HeadlineCountsWhatHasNoRatio) {
    GateResult result = sample::failing_gate();
    result.lines.resize(1);
    result.budgets.clear();
    GateLine& line = result.lines[0];
    line.rule = {"errors", Lane::deterministic, {}};
    line.base = {0, 0, 0, 1};
    line.head = {12, 12, 12, 1};
    line.ratio = {NAN, NAN, NAN, NAN};
    line.verdict = Verdict::fail;
    EXPECT_THAT(terminal(result), HasSubstr("errors 12 instead of 0"));
}

TEST(GateTerminalReport, SaysTheVerdictFirst) {
    EXPECT_THAT(terminal(sample::passing_gate()), StartsWith("PASS: "));
    EXPECT_THAT(terminal(sample::failing_gate()), StartsWith("FAIL: "));
    EXPECT_THAT(terminal(sample::files_gate()), StartsWith("INCONCLUSIVE: "));
    EXPECT_THAT(terminal(sample::failed_gate()), StartsWith("NOT COMPARED: The head program ended"));
}

TEST(GateTerminalReport, BlamesTheMachineWhereTheControlMoved) {
    const std::string text = terminal(sample::disturbed_gate());
    EXPECT_THAT(text, StartsWith("INCONCLUSIVE: the control moved"));
    EXPECT_THAT(text, HasSubstr("it moved, the machine was disturbed"));
    EXPECT_THAT(text, HasSubstr("Do: Measure again"));
}

TEST(GateTerminalReport, SaysOnceForEachCellWhyNoneOfItsLinesIsJudged) {
    const GateResult result = sample::disturbed_gate();
    const std::string text = terminal(result, 80);
    std::size_t told = 0;
    for (std::size_t at = text.find("    The control moved."); at != std::string::npos;
         at = text.find("    The control moved.", at + 1)) {
        ++told;
    }
    EXPECT_GT(result.lines.size(), 2U);
    EXPECT_EQ(told, 2U) << text;
}

TEST(GateTerminalReport, SaysThatAWrongMeasurementIsNone) {
    GateResult result = sample::passing_gate();
    result.warnings = {{"work-mismatch", "Client and target disagree.", WarningKind::wrong}};
    EXPECT_THAT(terminal(result), StartsWith("WRONG: "));
    EXPECT_THAT(terminal(result), HasSubstr("! work-mismatch: Client and target disagree."));
}

TEST(GateTerminalReport, SaysWhereItWasInterrupted) {
    GateResult result = sample::passing_gate();
    result.interrupted = true;
    EXPECT_THAT(terminal(result), StartsWith("INCONCLUSIVE: interrupted"));
}

TEST(GateTerminalReport, ShowsADashForWhatIsNotKnown) {
    EXPECT_THAT(terminal(sample::files_gate()), HasSubstr("cpu time   1.52 µs        –"));
}

TEST(GateTerminalReport, FitsTheWidth) {
    for (const int width : {80, 100, 160}) {
        for (const auto& make : {sample::passing_gate, sample::failing_gate, sample::disturbed_gate,
                                 sample::files_gate, sample::failed_gate}) {
            EXPECT_LE(test::widest_line(terminal(make(), width)), static_cast<std::size_t>(width));
        }
    }
}

TEST(GateTerminalReport, LetsNoTextSteerTheTerminal) {
    GateResult result = sample::failing_gate();
    const std::string evil = "\x1b[2J\x07";
    result.subjects[0].name = result.lines[0].reason = result.lines[0].rule.metric = evil;
    result.budgets[0].budget.text = result.environment_differences[0].head = evil;
    result.base.program = evil;
    EXPECT_THAT(terminal(result), Not(testing::AnyOf(HasSubstr("\x1b"), HasSubstr("\x07"))));
}

TEST(MetricLabel, LeavesOutTheUnit) {
    EXPECT_EQ(metric_label("service_p50_ns"), "service p50");
    EXPECT_EQ(metric_label("cpu_us_per_request"), "cpu/request");
    EXPECT_EQ(metric_label("throughput_rps"), "throughput");
    EXPECT_EQ(metric_label("items_per_second"), "items rate");
    EXPECT_EQ(metric_label("hit_rate"), "hit rate");
}

TEST(GateMarkdownReport, TellsAGateThatFails) {
    expect_golden("gate-failing.md", gate_markdown_report(sample::failing_gate()));
}

TEST(GateMarkdownReport, EscapesTextFromOutside) {
    const std::string text = gate_markdown_report(sample::hostile_gate());
    for (std::istringstream lines(text); lines;) {
        std::string line;
        std::getline(lines, line);
        if (line.starts_with("Repeat it: `")) continue;  // code
        EXPECT_THAT(line, Not(HasSubstr("<script")));
        EXPECT_THAT(line, Not(HasSubstr("<img")));
    }
}

TEST(EscapeMarkdown, LeavesNoMarkup) {
    EXPECT_EQ(escape_markdown("a|b`c` <b> @team #1 [x](y)\n- z"),
              "a\\|b\\`c\\` &lt;b&gt; @&#8203;team \\#&#8203;1 \\[x\\]\\(y\\)\\\\n- z");
}

TEST(MarkdownTable, KeepsCellsApart) {
    MarkdownTable table;
    table.add_column("name", MarkdownTable::Align::left);
    table.add_column("value");
    table.add_row({"a|b", "1"});
    EXPECT_EQ(table.text(), "| name | value |\n|---|---:|\n| a\\|b | 1 |\n");
}

/// failing_gate() with so many lines that pass, the first of whose subjects begin with `prefix`, and one that
/// fails at their end.
GateResult large_gate(std::size_t lines, const std::string& prefix = "BM_") {
    GateResult result = sample::failing_gate();
    const GateLine failing = result.lines.front();
    GateLine passing = failing;
    passing.verdict = Verdict::pass;
    result.lines.clear();
    for (std::size_t i = 0; i < lines; ++i) {
        passing.subject = result.subjects.size();
        result.subjects.push_back({.name = prefix + std::to_string(i), .strategy = {}});
        result.lines.push_back(passing);
    }
    result.lines.push_back(failing);
    return result;
}

std::size_t rows_in(const std::string& markdown) {
    std::istringstream lines(markdown);
    std::size_t rows = 0;
    for (std::string line; std::getline(lines, line);) rows += line.starts_with("| ") ? 1 : 0;
    return rows;
}

TEST(GateMarkdownReport, HasWhatFailsOnTop) {
    const std::string text = gate_markdown_report(large_gate(20));
    EXPECT_LT(text.find("| FAIL |"), text.find("| PASS |"));
    EXPECT_EQ(text.find("left out"), std::string::npos);
    EXPECT_THAT(text, HasSubstr("BM\\_19 "));
}

TEST(GateMarkdownReport, FitsAComment) {
    for (const std::size_t lines : {300U, 1000U, 20'000U}) {
        const std::string text =
            gate_markdown_report(large_gate(lines, "BM_VectorPushBack<std::pair<int, double>>/"));
        EXPECT_LE(columns_of(text), 65'000U);
        EXPECT_GT(columns_of(text), 60'000U) << "what there is room for is shown";
        EXPECT_THAT(text, AllOf(HasSubstr("| FAIL |"), HasSubstr("Repeat it"), HasSubstr(" PASS; `--json`")));
        // Beside them stand the headings of both tables and the rows of two budgets.
        const std::size_t left_out = lines + 1 - (rows_in(text) - 4);
        EXPECT_THAT(text, HasSubstr(fmt::format("{} left out", counted(left_out, "row"))));
    }
}

TEST(GateMarkdownReport, FitsACommentWhateverIsLong) {
    GateResult result = large_gate(3, std::string(100'000, 'x'));
    result.command = std::string(100'000, 'y');
    result.lines.back().reason = std::string(100'000, '|');
    for (int i = 0; i < 2000; ++i)
        result.warnings.push_back({"some-warning", std::string(500, '*'), WarningKind::note});
    EXPECT_LE(columns_of(gate_markdown_report(result)), 65'000U);
}

TEST(GateJsonReport, HoldsVerdictsLinesAndEveryTrial) {
    const GateResult result = sample::failing_gate();
    const Json document = Json::parse(gate_json_report(result));
    EXPECT_EQ(document["schema"], "asyncbench.gate/2");
    EXPECT_EQ(document["verdict"], "FAIL");
    const Json& line = document["lines"][0];
    EXPECT_EQ(line["name"], "coroutine at 64");
    EXPECT_EQ(line["metric"], "service_p50_ns");
    EXPECT_EQ(line["verdict"], "FAIL");
    EXPECT_EQ(line["confirmation"]["low"], 1.17);
    EXPECT_EQ(line["ratios"].size(), 20U);
    EXPECT_EQ(document["lines"][2]["verdict"], nullptr) << "a line of information has none";
    EXPECT_EQ(document["samples"].size(), result.samples.size());
    EXPECT_EQ(document["samples"][3]["failure"], "the trial ended with status 134");
    EXPECT_EQ(document["control"]["name"], "coroutine at 16");
}

TEST(GateJsonReport, HasNullForWhatIsNotKnown) {
    const Json document = Json::parse(gate_json_report(sample::files_gate()));
    EXPECT_EQ(document["lines"][1]["head"], nullptr);
    EXPECT_EQ(document["lines"][1]["ratio"], nullptr);
    EXPECT_EQ(document["lines"][0]["p_worse"], nullptr);
    EXPECT_EQ(document["scenario"], nullptr);
    EXPECT_EQ(document["control"], nullptr);
    EXPECT_EQ(document["subjects"][0]["concurrency"], nullptr);
}

std::vector<test::SchemaCase> schema_cases() {
    std::vector<test::SchemaCase> cases;
    for (const auto& make : {sample::passing_gate, sample::failing_gate, sample::disturbed_gate,
                             sample::files_gate, sample::failed_gate, sample::hostile_gate}) {
        cases.push_back({gate_json_report(make()), true});
    }
    const Json good = Json::parse(gate_json_report(sample::failing_gate()));
    const auto break_it = [&](const std::function<void(Json&)>& change) {
        Json bad = good;
        change(bad);
        cases.push_back({bad.dump(), false});
    };
    break_it([](Json& bad) { bad["schema"] = "asyncbench.gate/3"; });
    break_it([](Json& bad) { bad["shape"] = "crooked"; });
    break_it([](Json& bad) { bad["verdict"] = "MAYBE"; });
    break_it([](Json& bad) { bad["lines"][0].erase("reason"); });
    break_it([](Json& bad) { bad["lines"][0]["ratio"].erase("low"); });
    break_it([](Json& bad) { bad["lines"][0]["lane"] = "fast"; });
    break_it([](Json& bad) { bad["samples"][0]["arm"] = "third"; });
    break_it([](Json& bad) { bad["rules"]["metrics"][0]["tolerance"] = 0.05; });
    break_it([](Json& bad) { bad["nonsense"] = 1; });
    return cases;
}

TEST(GateSchema, AjvAgreesWithTheWriter) {
    test::expect_validator_agrees(test::Validator::ajv, "gate-2.schema.json", schema_cases());
}

TEST(GateSchema, PythonsJsonschemaAgreesWithTheWriter) {
    test::expect_validator_agrees(test::Validator::python_jsonschema, "gate-2.schema.json", schema_cases());
}

TEST(GateSchema, DescribesEveryField) {
    test::expect_schema_describes_every_field("gate-2.schema.json");
}

TEST(GateHtmlReport, TellsAllWithoutAScript) {
    const std::string html = gate_html_report(sample::failing_gate());
    const std::string text = test::without_scripts(html);
    EXPECT_LT(html.size(), 2'000'000U);
    EXPECT_THAT(text, HasSubstr("<h1 class=\"verdict fail\">FAIL</h1>"));
    EXPECT_THAT(text, HasSubstr("a fresh batch confirms it: 20 %."));
    EXPECT_THAT(text, HasSubstr("fails from +5\u00a0%, passes below +10\u00a0%"));
    EXPECT_THAT(text, HasSubstr("default-src 'none'"));
}

TEST(GateHtmlReport, FoldsWhatPassesAndKeepsTheRestInSight) {
    const std::string html = gate_html_report(sample::failing_gate());
    const auto folded = html.find("<details class=\"fold\" open>");
    const auto place = [&](const char* text) { return html.find(text); };
    ASSERT_NE(folded, std::string::npos);
    EXPECT_LT(place("a fresh batch confirms it: 20 %."), folded);
    EXPECT_LT(place("81 ms is above 50 ms."), folded);
    EXPECT_LT(place("INCONCLUSIVE</td>"), folded);
    EXPECT_GT(place("47 ms is below 50 ms."), folded);
    EXPECT_THAT(html, HasSubstr("<summary>4 checks pass, 2 of them better, 1 budget holds</summary>"));
    EXPECT_THAT(html, HasSubstr("<summary>2 metrics for information, which decide nothing</summary>"));
    EXPECT_THAT(gate_html_report(sample::passing_gate()), Not(HasSubstr("Checks that do not pass.")));
}

TEST(GateHtmlReport, EscapesTextFromOutside) {
    const std::string html = gate_html_report(sample::hostile_gate());
    EXPECT_THAT(html, Not(HasSubstr("<script>window.hostile")));
    const std::string own = test::without_scripts(html);
    EXPECT_THAT(own, Not(HasSubstr("<img")));
    EXPECT_THAT(own, HasSubstr(escape_html(sample::hostile_text)));
}

TEST(GateHtmlReport, SaysWhatItsChartCannotShow) {
    EXPECT_THAT(gate_html_report(sample::failing_gate()), Not(HasSubstr("Left out:")));
    EXPECT_THAT(gate_html_report(sample::failing_gate()),
                HasSubstr("3 to 20 pairs a metric; intervals of 95.9 % confidence."));
    GateResult result = sample::failing_gate();
    GateLine& errors = result.lines.emplace_back(result.lines.front());
    errors.rule.metric = "errors";
    errors.base = {0, 0, 0, 0.95};
    errors.head = {7, 5, 9, 0.95};
    errors.ratio.value = errors.ratio.low = errors.ratio.high = std::numeric_limits<double>::infinity();
    errors.ratios.clear();
    EXPECT_THAT(gate_html_report(result),
                HasSubstr("errors (0 [0–0] to 7.00 [5.00–9.00], FAIL). A ratio that is 0 "
                          "or unknown has no place on this axis."));
    result.lines.front().ratios.front() = 0;
    EXPECT_THAT(gate_html_report(result), HasSubstr("Left out: 1 pair of "));
}

TEST(GateHtmlReport, HoldsInABrowser) {
    const test::TemporaryDirectory directory;
    const std::pair<std::string, GateResult> results[] = {
        {"gate-passing", sample::passing_gate()},     {"gate-failing", sample::failing_gate()},
        {"gate-disturbed", sample::disturbed_gate()}, {"gate-files", sample::files_gate()},
        {"gate-failed", sample::failed_gate()},       {"gate-hostile", sample::hostile_gate()}};
    for (const auto& [name, result] : results) {
        test::write_file(directory.path() / (name + ".html"), gate_html_report(result));
        test::write_file(directory.path() / (name + ".json"), gate_json_report(result));
    }
    const test::CommandResult checked =
        test::run_command("node '" + test::source_dir() + "/tests/reports/browser/check_report.mjs' " +
                          directory.path().string() + " gate");
    EXPECT_EQ(checked.status, 0) << checked.output;
}

}  // namespace asyncbench::gate_reports_tests
