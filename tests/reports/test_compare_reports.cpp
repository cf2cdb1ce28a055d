#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <limits>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "harness/trial/json_fields.hpp"
#include "reports/compare_report.hpp"
#include "reports/text/human.hpp"
#include "tests/reports/sample_run.hpp"
#include "tests/reports/test_support.hpp"

namespace asyncbench::compare_reports_tests {

using testing::HasSubstr;
using testing::Not;

constexpr double unknown = std::numeric_limits<double>::quiet_NaN();

// MADE UP, as sample_run.hpp.
CompareResult sample_comparison() {
    ResultsComparison comparison;
    comparison.base = "base.json";
    comparison.head = "head.json";
    comparison.rows = {{"coroutine at 64",
                        "throughput_rps",
                        Better::higher,
                        {3100, 3050, 3150, 0.9688},
                        {3090, 3040, 3160, 0.9688},
                        6,
                        6,
                        {0.997, 0.981, 1.012, 0.959},
                        0.7,
                        0.016,
                        Change::none_shown,
                        false},
                       {"coroutine at 64",
                        "service_p50_ns",
                        Better::lower,
                        {20.1e6, 20.0e6, 20.3e6, 0.9688},
                        {24.3e6, 24.0e6, 24.6e6, 0.9688},
                        6,
                        6,
                        {1.209, 1.198, 1.221, 0.959},
                        0.0022,
                        0.01,
                        Change::worse,
                        false},
                       {"coroutine at 64",
                        "errors",
                        Better::lower,
                        {0, 0, 0, 0.9688},
                        {0, 0, 0, 0.9688},
                        6,
                        6,
                        {unknown, unknown, unknown, 0},
                        1,
                        unknown,
                        Change::none_shown,
                        false},
                       {"callback at 64",
                        "throughput_rps",
                        Better::higher,
                        {3000, 2900, 3100, 0.75},
                        {3400, 3300, 3500, 0.75},
                        3,
                        3,
                        {1.13, 1.08, 1.2, 0.9},
                        0.1,
                        0.06,
                        Change::too_few,
                        false}};
    comparison.only_in_base = {"sequential at 64"};
    comparison.warnings = {{"two-runs", "The two were measured one after the other.", WarningKind::note}};
    return {"0.0.0", "asyncbench compare base.json head.json", {comparison}};
}

CompareResult hostile_comparison() {
    CompareResult result = sample_comparison();
    ResultsComparison& comparison = result.comparisons[0];
    const std::string text = std::string(sample::hostile_text) + "\x1b[2J,\"\n=1+1";
    comparison.base = comparison.head = comparison.rows[0].subject = comparison.rows[1].metric = text;
    comparison.only_in_head = {text};
    comparison.warnings = {{"hostile", text, WarningKind::note}};
    return result;
}

TEST(CompareTerminalReport, TellsWhatChanged) {
    test::expect_golden("compare-100.txt", compare_terminal_report(sample_comparison(), {}));
}

TEST(CompareTerminalReport, FitsTheWidth) {
    CompareResult result = sample_comparison();
    result.comparisons[0].rows[0].subject = std::string(60, 'x');
    for (const int width : {80, 100, 160}) {
        EXPECT_LE(test::widest_line(compare_terminal_report(result, {.colour = false, .width = width})),
                  static_cast<std::size_t>(width));
    }
}

TEST(CompareTerminalReport, LetsNoTextSteerTheTerminal) {
    EXPECT_THAT(compare_terminal_report(hostile_comparison(), {}), Not(HasSubstr("\x1b")));
}

TEST(CompareTerminalReport, SaysWhereThereWasNothing) {
    EXPECT_EQ(compare_terminal_report({}, {}), "There was nothing to compare.\n");
}

TEST(CompareMarkdownReport, HasATableForEachMetric) {
    test::expect_golden("compare.md", compare_markdown_report(sample_comparison()));
}

TEST(CompareMarkdownReport, FitsACommentWithWhatGotWorseOnTop) {
    CompareResult result = sample_comparison();
    std::vector<ComparedMetric>& rows = result.comparisons[0].rows;
    const ComparedMetric worse = rows[1];
    ComparedMetric same = worse;
    same.change = Change::none_shown;
    rows.clear();
    for (int i = 0; i < 2000; ++i) {
        same.subject = "BM_VectorPushBack<std::pair<int, double>>/" + std::to_string(i);
        rows.push_back(same);
    }
    rows.push_back(worse);
    const std::string text = compare_markdown_report(result);
    EXPECT_LE(columns_of(text), 65'000U);
    EXPECT_GT(columns_of(text), 60'000U);
    EXPECT_LT(text.find("| worse |"), text.find("| no difference |"));
    EXPECT_THAT(text, testing::ContainsRegex("[0-9,]+ rows left out, .*: [0-9,]+ no difference;"));
}

TEST(CompareReports, SayOnceWhatHoldsForSeveralComparisons) {
    CompareResult result = sample_comparison();
    result.comparisons.push_back(result.comparisons[0]);
    for (const std::string& text : {compare_markdown_report(result), compare_terminal_report(result, {})}) {
        const auto first = text.find("two-runs");
        ASSERT_NE(first, std::string::npos);
        EXPECT_EQ(text.find("two-runs", first + 1), std::string::npos);
    }
}

TEST(CompareReports, SayThatTheRatioIsNotThatOfTheMedians) {
    CompareResult result = sample_comparison();
    EXPECT_THAT(compare_terminal_report(result, {}), HasSubstr("median of all ratios"));
    for (ComparedMetric& row : result.comparisons[0].rows) row.paired = true;
    EXPECT_THAT(compare_terminal_report(result, {}), HasSubstr("median of pairs' ratios"));
    EXPECT_THAT(compare_markdown_report(result), HasSubstr("median of pairs' ratios"));
}

TEST(CompareTerminalReport, StartsNoLineWithACommandOfACiSystem) {
    CompareResult result = sample_comparison();
    result.comparisons[0].rows[0].subject = "::stop-commands::x";
    result.comparisons[0].only_in_base = {"::error::y", "a ##[error]z"};
    for (const int width : {20, 30, 100}) {
        const std::string text = compare_terminal_report(result, {.colour = false, .width = width});
        EXPECT_THAT(text, Not(testing::ContainsRegex("(^|\n) *::")));
        EXPECT_THAT(text, Not(HasSubstr("##[")));
    }
    EXPECT_THAT(compare_json_report(result), Not(HasSubstr("##[")));
    EXPECT_EQ(Json::parse(compare_json_report(result))["comparisons"][0]["only_in_base"][1], "a ##[error]z");
    result.comparisons[0].base = "::error::file";
    EXPECT_THAT(compare_csv_report(result), Not(testing::ContainsRegex("(^|\n)::")));
}

TEST(CompareMarkdownReport, EscapesTextFromOutside) {
    const std::string text = compare_markdown_report(hostile_comparison());
    EXPECT_THAT(text, Not(HasSubstr("<script")));
    EXPECT_THAT(text, Not(HasSubstr("\x1b")));
}

TEST(CompareCsvReport, HasALineForEachRowWithEmptyFieldsForWhatIsNotKnown) {
    test::expect_golden("compare.csv", compare_csv_report(sample_comparison()));
}

TEST(CompareCsvReport, NoTextEndsALine) {
    const std::string text = compare_csv_report(hostile_comparison());
    EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 5);
    EXPECT_THAT(text, Not(HasSubstr("\x1b")));
}

TEST(CompareJsonReport, HoldsEveryRow) {
    const Json document = Json::parse(compare_json_report(sample_comparison()));
    EXPECT_EQ(document["schema"], "asyncbench.compare/1");
    const Json& rows = document["comparisons"][0]["rows"];
    ASSERT_EQ(rows.size(), 4U);
    EXPECT_EQ(rows[1]["change"], "worse");
    EXPECT_EQ(rows[1]["ratio"]["value"], 1.209);
    EXPECT_EQ(rows[2]["ratio"], nullptr);
    EXPECT_EQ(rows[2]["noise_floor"], nullptr);
    EXPECT_EQ(rows[3]["change"], "too-few");
}

std::vector<test::SchemaCase> schema_cases() {
    std::vector<test::SchemaCase> cases{{compare_json_report(sample_comparison()), true},
                                        {compare_json_report(hostile_comparison()), true},
                                        {compare_json_report({}), true}};
    const Json good = Json::parse(compare_json_report(sample_comparison()));
    const auto break_it = [&](const std::function<void(Json&)>& change) {
        Json bad = good;
        change(bad);
        cases.push_back({bad.dump(), false});
    };
    break_it([](Json& bad) { bad["schema"] = "asyncbench.compare/2"; });
    break_it([](Json& bad) { bad["comparisons"][0].erase("base"); });
    break_it([](Json& bad) { bad["comparisons"][0]["rows"][0]["change"] = "meh"; });
    break_it([](Json& bad) { bad["comparisons"][0]["rows"][0]["p_value"] = 2; });
    break_it([](Json& bad) { bad["comparisons"][0]["rows"][0]["base"] = nullptr; });
    break_it([](Json& bad) { bad["nonsense"] = 1; });
    return cases;
}

TEST(CompareSchema, AjvAgreesWithTheWriter) {
    test::expect_validator_agrees(test::Validator::ajv, "compare-1.schema.json", schema_cases());
}

TEST(CompareSchema, PythonsJsonschemaAgreesWithTheWriter) {
    test::expect_validator_agrees(test::Validator::python_jsonschema, "compare-1.schema.json",
                                  schema_cases());
}

TEST(CompareSchema, DescribesEveryField) {
    test::expect_schema_describes_every_field("compare-1.schema.json");
}

}  // namespace asyncbench::compare_reports_tests
