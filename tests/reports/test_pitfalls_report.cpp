#include "reports/pitfalls_report.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>

#include "analysis/summary.hpp"
#include "harness/trial/json_fields.hpp"
#include "reports/html/markup.hpp"
#include "reports/html/pitfalls_page.hpp"
#include "reports/text/pitfall_text.hpp"
#include "tests/reports/sample_pitfalls.hpp"
#include "tests/reports/sample_run.hpp"
#include "tests/reports/test_support.hpp"
#include "tests/support/paths/paths.hpp"

namespace asyncbench::pitfalls_report_tests {

using testing::HasSubstr;
using testing::Not;

std::string terminal(const PitfallsResult& result, int width = 100) {
    return pitfalls_terminal_report(result, {.colour = false, .width = width});
}

TEST(PitfallsTerminalReport, TellsHowMuchBetterTheOtherWaysAre) {
    const std::string text = terminal(sample::clean_pitfalls());
    EXPECT_THAT(text, HasSubstr("block-it: A mistake called block-it [speed, neighbours]"));
    EXPECT_THAT(text, HasSubstr("Throughput against wrong: right 14.7× ["));
    EXPECT_THAT(text, HasSubstr("] better; bridged 13.7× ["));
    EXPECT_THAT(text, HasSubstr("Do: Do not do it."));
}

TEST(PitfallsTerminalReport, ClaimsNothingOfWaysThatAreNotSeparated) {
    const std::string text = terminal(sample::clean_pitfalls());
    const std::string block = text.substr(text.find("same-thing:"));
    EXPECT_THAT(block, HasSubstr("right not separated from wrong"));
    EXPECT_THAT(block, Not(HasSubstr("better")));
}

TEST(PitfallsTerminalReport, ShowsLossesWithTheirRangeInsteadOfAWrongNumber) {
    const std::string text = terminal(sample::clean_pitfalls());
    EXPECT_THAT(text, HasSubstr("wrong: 198 of 200 requests were never sent. (198 to 200 in 5 trials)"));
    EXPECT_THAT(text, HasSubstr("    wrong: never-awaited, 200 times: The task of `send`"));
    EXPECT_THAT(text, HasSubstr("    right: nothing."));
}

TEST(PitfallsTerminalReport, MarksWhatIsNotValid) {
    const std::string text = terminal(sample::troubled_pitfalls());
    EXPECT_THAT(text, HasSubstr("! wrong"));
    EXPECT_THAT(text, HasSubstr("! target-late: The target answered late."));
    EXPECT_THAT(text, HasSubstr("right cannot be compared"));
    EXPECT_THAT(text, HasSubstr("Interrupted"));
}

TEST(PitfallsTerminalReport, SaysWhyAWayIsUnavailableAndDoesNotCallItWrong) {
    PitfallsResult result = sample::clean_pitfalls();
    result.pitfalls.resize(1);
    RunResult& run = result.pitfalls[0].run;
    for (Trial& trial : run.trials) {
        if (trial.spec.strategy != run.summary.back().strategy) continue;
        Trial unavailable = Trial::of_unavailable("Disks have no client on a loop.");
        unavailable.spec = trial.spec;
        unavailable.repetition = trial.repetition;
        trial = std::move(unavailable);
    }
    run.summary = summarize(run.scenario, run.trials);
    const std::string text = terminal(result);
    EXPECT_THAT(text, HasSubstr("- unavailable: Disks have no client on a loop."));
    EXPECT_THAT(text, Not(HasSubstr("! ")));
    EXPECT_TRUE(result.usable());
}

TEST(PitfallsTerminalReport, FitsTheWidth) {
    for (const int width : {80, 100}) {
        for (const auto& make : {sample::clean_pitfalls, sample::troubled_pitfalls}) {
            EXPECT_LE(test::widest_line(terminal(make(), width)), static_cast<std::size_t>(width));
        }
    }
}

TEST(PitfallsTerminalReport, LetsNoTextSteerTheTerminal) {
    PitfallsResult result = sample::clean_pitfalls();
    result.pitfalls[0].pitfall.title = "\x1b[2J";
    EXPECT_THAT(terminal(result), Not(HasSubstr("\x1b")));
}

TEST(PitfallsReports, GiveNoIntervalThatTheyCallTooFewTrials) {
    PitfallsResult result = sample::clean_pitfalls();
    result.pitfalls.resize(1);
    RunResult& run = result.pitfalls[0].run;
    std::erase_if(run.trials, [](const Trial& trial) { return trial.repetition > 1; });
    run.summary = summarize(run.scenario, run.trials);
    const std::string_view metrics[] = {"throughput_rps"};
    run.comparisons = compare_with_first(run.summary, run.trials, metrics);
    const auto without_bracket = testing::ContainsRegex("right [0-9.]+× \\(too few trials to rank\\)");
    EXPECT_THAT(harm_in_numbers(result.pitfalls[0]), without_bracket);
    EXPECT_THAT(pitfalls_chart_table(pitfall_rows(result)),
                testing::ContainsRegex("[0-9]× \\(too few trials to rank\\)"));
}

TEST(PitfallsReports, CompareWithTheWrongWayOnly) {
    PitfallsResult result = sample::clean_pitfalls();
    RunResult& run = result.pitfalls[0].run;
    for (Trial& trial : run.trials)
        if (trial.spec.strategy.options.at("way") == "wrong")
            trial.warnings.push_back({"target-late", "Late.", WarningKind::wrong});
    run.summary = summarize(run.scenario, run.trials);
    run.comparisons = compare_with_first(run.summary, run.trials);
    ASSERT_FALSE(run.comparisons.empty());
    EXPECT_THAT(harm_in_numbers(result.pitfalls[0]),
                testing::EndsWith("against wrong: right cannot be compared; bridged cannot be compared."));
}

TEST(PitfallsJsonReport, HoldsWaysCodeAndAWholeResultOfEach) {
    const PitfallsResult result = sample::clean_pitfalls();
    const Json document = Json::parse(pitfalls_json_report(result));
    EXPECT_EQ(document["schema"], "asyncbench.pitfalls/2");
    ASSERT_EQ(document["pitfalls"].size(), 3U);
    const Json& first = document["pitfalls"][0];
    EXPECT_EQ(first["ways"][2]["strategy"], "block-it:way=bridged");
    EXPECT_EQ(first["ways"][0]["code"], result.pitfalls[0].pitfall.ways[0].code);
    EXPECT_EQ(first["diagnosed"], nullptr);
    EXPECT_EQ(document["pitfalls"][1]["metric"], nullptr);
    EXPECT_EQ(document["pitfalls"][1]["diagnosed"]["trials"].size(), 2U);
    const RunResult run = read_json_report(first["result"].dump());
    EXPECT_EQ(run.trials.size(), 15U);
    EXPECT_EQ(run.comparisons.size(), 4U);
    const RunResult losing = read_json_report(document["pitfalls"][1]["result"].dump());
    EXPECT_EQ(losing.trials[0].outcomes, result.pitfalls[1].run.trials[0].outcomes);
}

std::vector<test::SchemaCase> schema_cases() {
    std::vector<test::SchemaCase> cases;
    for (const auto& make : {sample::clean_pitfalls, sample::troubled_pitfalls, sample::hostile_pitfalls}) {
        cases.push_back({pitfalls_json_report(make()), true});
    }
    const Json good = Json::parse(pitfalls_json_report(sample::clean_pitfalls()));
    const auto break_it = [&](const auto& change) {
        Json bad = good;
        change(bad);
        cases.push_back({bad.dump(), false});
    };
    break_it([](Json& bad) { bad["schema"] = "asyncbench.pitfalls/3"; });
    break_it([](Json& bad) { bad["pitfalls"][0].erase("advice"); });
    break_it([](Json& bad) { bad["pitfalls"][0]["ways"][0]["way"] = "sideways"; });
    break_it([](Json& bad) { bad["pitfalls"][0]["result"]["trials"][0]["metrics"] = 3; });
    break_it([](Json& bad) { bad["pitfalls"][1]["result"]["trials"][0]["outcomes"][0].erase("count"); });
    break_it([](Json& bad) { bad["pitfalls"][1]["diagnosed"]["nonsense"] = 1; });
    return cases;
}

TEST(PitfallsSchema, AjvAgreesWithTheWriter) {
    test::expect_validator_agrees(test::Validator::ajv, "pitfalls-2.schema.json", schema_cases());
}

TEST(PitfallsSchema, PythonsJsonschemaAgreesWithTheWriter) {
    test::expect_validator_agrees(test::Validator::python_jsonschema, "pitfalls-2.schema.json",
                                  schema_cases());
}

TEST(PitfallsSchema, DescribesEveryField) {
    test::expect_schema_describes_every_field("pitfalls-2.schema.json");
}

TEST(PitfallsHtmlReport, ShowsTheCodeOfAllWays) {
    const PitfallsResult result = sample::clean_pitfalls();
    const std::string html = pitfalls_html_report(result);
    EXPECT_LT(html.size(), 500'000U);
    for (const PitfallResult& each : result.pitfalls) {
        for (const PitfallWay& way : each.pitfall.ways) {
            EXPECT_THAT(html, HasSubstr("<code>" + escape_html(way.code) + "</code>"));
        }
    }
    EXPECT_THAT(html, HasSubstr("14.7× ["));
    EXPECT_THAT(html, HasSubstr("198 of 200 requests were never sent."));
    EXPECT_THAT(html, HasSubstr("never-awaited, 200 times"));
}

TEST(PitfallsHtmlReport, EscapesWhatComesFromOutside) {
    const std::string html = pitfalls_html_report(sample::hostile_pitfalls());
    EXPECT_THAT(html, Not(HasSubstr("<script>window.hostile")));
    EXPECT_THAT(html, Not(HasSubstr("<img")));
    EXPECT_THAT(html, HasSubstr(escape_html(sample::hostile_text)));
}

const Json* row_of_way(const Json& rows, const std::string& pitfall, const std::string& way) {
    for (const Json& row : rows) {
        if (row["pitfall"] == pitfall && row["strategy"] == way) return &row;
    }
    return nullptr;
}

/// Those that a number compares.
Json drawn_of(const Json& rows) {
    Json drawn = Json::array();
    for (const Json& row : rows)
        if (!row["value"].is_null()) drawn.push_back(row);
    return drawn;
}

TEST(PitfallsChart, ComparesEachWayWithTheRightOneBlockByBlock) {
    const Json drawn = drawn_of(pitfall_rows(sample::clean_pitfalls()));
    const Json* wrong = row_of_way(drawn, "block-it", "wrong");
    const Json* right = row_of_way(drawn, "block-it", "right");
    const Json* bridged = row_of_way(drawn, "block-it", "bridged");
    ASSERT_TRUE(wrong != nullptr && right != nullptr && bridged != nullptr);
    // Trial n of a way serves n more than the first: the third of five is the median.
    EXPECT_NEAR((*wrong)["value"], 1502.0 / 102, 1e-3);
    EXPECT_NEAR((*wrong)["low"], 1504.0 / 104, 1e-3);
    EXPECT_NEAR((*wrong)["high"], 1500.0 / 100, 1e-3);
    EXPECT_EQ((*right)["value"], 1);
    EXPECT_NEAR((*bridged)["value"], 1502.0 / 1402, 1e-3);
    EXPECT_THAT((*wrong)["note"].get<std::string>(),
                testing::MatchesRegex("wrong: 14.7× .* worse by throughput"));
}

TEST(PitfallsChart, CountsMoreOfADelayAsWorse) {
    PitfallsResult result = sample::clean_pitfalls();
    result.pitfalls[0].pitfall.metric = "neighbour_delay_p99_ns";
    const Json drawn = drawn_of(pitfall_rows(result));
    const Json* wrong = row_of_way(drawn, "block-it", "wrong");
    ASSERT_NE(wrong, nullptr);
    EXPECT_GT((*wrong)["value"], 14);
}

TEST(PitfallsChart, GivesLostWorkNoNumberAndTheLastPlace) {
    const Json rows = pitfall_rows(sample::clean_pitfalls());
    const Json* lost = row_of_way(rows, "forget-it", "wrong");
    ASSERT_NE(lost, nullptr);
    EXPECT_EQ((*lost)["value"], nullptr);
    EXPECT_EQ((*lost)["ratio"], "no number: work was lost");
    EXPECT_THAT((*lost)["note"].get<std::string>(), HasSubstr("198 of 200 requests were never sent."));
    EXPECT_EQ(row_of_way(drawn_of(rows), "forget-it", "wrong"), nullptr);
    EXPECT_EQ(std::count_if(rows.begin(), rows.end(), [](const Json& row) { return row["lost"] == true; }),
              1);
    EXPECT_EQ(rows.front()["pitfall"], "block-it");
    EXPECT_EQ(rows.back()["pitfall"], "forget-it");
}

TEST(PitfallsChart, DrawsNothingThatWasMeasuredWrongAndSaysSo) {
    const Json rows = pitfall_rows(sample::troubled_pitfalls());
    for (const Json& row : rows) EXPECT_TRUE(row["value"].is_null() && row["lost"] == false);
    EXPECT_EQ(rows[0]["ratio"], "no number: the measurement of wrong cannot be used");
}

TEST(PitfallsHtmlReport, HoldsInABrowser) {
    const test::TemporaryDirectory directory;
    const std::pair<const char*, PitfallsResult> results[] = {
        {"pitfalls-clean", sample::clean_pitfalls()},
        {"pitfalls-troubled", sample::troubled_pitfalls()},
        {"pitfalls-hostile", sample::hostile_pitfalls()},
        {"pitfalls-empty", {}}};
    for (const auto& [name, result] : results) {
        test::write_file(directory.path() / (std::string(name) + ".html"), pitfalls_html_report(result));
        test::write_file(directory.path() / (std::string(name) + ".json"), pitfalls_json_report(result));
    }
    const test::CommandResult checked =
        test::run_command("node '" + test::source_dir() + "/tests/reports/browser/check_report.mjs' " +
                          directory.path().string() + " pitfalls");
    EXPECT_EQ(checked.status, 0) << checked.output;
}

}  // namespace asyncbench::pitfalls_report_tests
