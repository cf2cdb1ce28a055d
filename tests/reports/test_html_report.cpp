#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>

#include "harness/measure/base64.hpp"
#include "harness/trial/summary.hpp"
#include "reports/html/assets.hpp"
#include "reports/html/chart_data.hpp"
#include "reports/html/markup.hpp"
#include "reports/html/packing.hpp"
#include "reports/html/sections.hpp"
#include "reports/html/sha256.hpp"
#include "reports/html/site_index.hpp"
#include "reports/report.hpp"
#include "reports/text/human.hpp"
#include "tests/reports/sample_run.hpp"
#include "tests/reports/test_support.hpp"

namespace asyncbench {
namespace {

using testing::HasSubstr;
using testing::Not;

const std::string source_dir = ASYNCBENCH_SOURCE_DIR;

std::string hex(std::string_view bytes) {
    std::string text;
    for (const char byte : bytes) text += fmt::format("{:02x}", static_cast<unsigned char>(byte));
    return text;
}

TEST(EscapeHtml, LeavesNoMarkup) {
    EXPECT_EQ(escape_html("<a href=\"x\" b='y'>&amp;</a>"),
              "&lt;a href=&quot;x&quot; b=&#39;y&#39;&gt;&amp;amp;&lt;/a&gt;");
    EXPECT_EQ(escape_html("20 µs"), "20 µs");
}

TEST(EscapeHtml, LeavesNothingThatReordersTheTextAround) {
    EXPECT_EQ(escape_html("a\u202eb\x1b[31m\n\tc"), "a\\u202eb\\x1b[31m\n\tc");
    RunResult run = sample::single_run();
    run.scenario.name = "dilav \u202e ton";
    const std::string title = "\u2066 title";
    const std::string html = html_report(run, {.title = title, .code = {}, .code_version = {}});
    for (const char* steering : {"\u202e", "\u2066"}) EXPECT_EQ(html.find(steering), std::string::npos);
    EXPECT_THAT(html, HasSubstr("dilav \\u202e ton"));
}

TEST(PackedChartData, HoldsNoTextThatReorders) {
    const Json hostile = {{"rows", {{{"strategy", "exec:a\u202eb"}}}}};
    const Json harmless = {{"rows", {{{"strategy", "exec:a\\u202eb"}}}}};
    EXPECT_EQ(packed_chart_data(hostile), packed(to_text(harmless)));
}

TEST(HtmlTable, LeavesOutNoCellWithoutSayingSo) {
    HtmlTable table("Numbers.", {"a", "b"});
    table.add_row({"1"});
    EXPECT_THAT(table.text(), HasSubstr("<td data-label=\"b\"></td></tr>"));
    EXPECT_THROW(table.add_row({"1", "2", "3"}), std::invalid_argument);
    HtmlTable compact("Numbers.", {"a", "b"}, TableLayout::compact);
    compact.add_row({"1", "<2>"}, true);
    EXPECT_THAT(compact.text(), HasSubstr("<tr class=\"bad\"><th scope=\"row\">1 <strong>not "
                                          "valid</strong></th><td>&lt;2&gt;\n</tbody>"));
}

TEST(FillTemplate, PutsValuesInPlacesOnce) {
    EXPECT_EQ(fill_template("a {{x}} b {{y}}{{x}}", {{"x", "{{y}}"}, {"y", "2"}}), "a {{y}} b 2{{y}}");
    EXPECT_THROW(fill_template("{{z}}", {{"x", "1"}}), std::out_of_range);
    EXPECT_THROW(fill_template("{{x", {{"x", "1"}}), std::out_of_range);
}

TEST(ReportAssets, AreTheFilesAndCloseNoScript) {
    EXPECT_EQ(report_asset("chart.js"), test::read_file(source_dir + "/reports/html/chart.js"));
    EXPECT_EQ(report_asset("charts/latency.vl.json"),
              test::read_file(source_dir + "/reports/charts/latency.vl.json"));
    EXPECT_THROW(report_asset("nothing"), std::out_of_range);
    for (const ReportAsset& asset : report_assets()) {
        if (!asset.name.ends_with(".js")) continue;
        EXPECT_EQ(asset.text.find("</script"), std::string_view::npos) << asset.name;
        EXPECT_EQ(asset.text.find("<!--"), std::string_view::npos) << asset.name;
    }
}

TEST(ChartData, ReadsPercentilesFromTheMergedHistograms) {
    const RunResult run = sample::clean_run();
    const Json data = chart_data(run, scalability_of(run));
    const auto cell = std::find_if(run.summary.begin(), run.summary.end(), [](const Cell& each) {
        return each.strategy.name == "coroutine" && each.concurrency == 256;
    });
    int seen = 0;
    for (const Json& row : data["datasets"]["latency"]) {
        if (row["strategy"] != "coroutine" || row["concurrency"] != 256) continue;
        const Histogram& histogram =
            row["kind"] == "service time" ? cell->service_time_ns : cell->response_time_ns;
        const auto expected =
            static_cast<double>(histogram.value_at_percentile(row["percentile"].get<double>())) / 1e6;
        EXPECT_NEAR(row["milliseconds"].get<double>(), expected, expected * 2e-3);
        EXPECT_LE(row["percentile"].get<double>(), 100 - 99.9 / static_cast<double>(histogram.count()));
        ++seen;
    }
    EXPECT_GT(seen, 40);
}

TEST(ChartData, ComparesStrategiesWithEachOtherWhereTheFirstIsNotValid) {
    RunResult run = sample::clean_run();
    for (TrialResult& trial : run.trials) {
        if (trial.strategy_name() == "sequential") trial.warnings.push_back({"steal", "Stolen.", true});
    }
    run.summary = summarize(run.scenario, run.trials);
    run.comparisons = compare_with_first(run.summary, run.trials);
    const Json data = chart_data(run, scalability_of(run));
    bool seen = false;
    for (const Json& row : data["datasets"]["ratios"]) {
        EXPECT_NE(row["strategy"], "sequential");
        EXPECT_NE(row["base"], "sequential");
        seen = seen ||
               (row["base"] == "callback" && row["strategy"] == "coroutine" && row["concurrency"] == 256);
    }
    EXPECT_TRUE(seen);
}

TEST(ChartData, DrawsNoLatencyAndNoTimelineOfAnInvalidCell) {
    const RunResult run = sample::troubled_run();
    const Json data = chart_data(run, scalability_of(run));
    for (const char* set : {"latency", "timeline"}) {
        for (const Json& row : data["datasets"][set]) {
            EXPECT_FALSE(row["strategy"] == "callback" && row["concurrency"] == 64) << set;
        }
    }
}

TEST(HtmlReport, IsOneFileOfModerateSizeThatRefersToNothingOutside) {
    const std::string html = html_report(sample::clean_run());
    EXPECT_LT(html.size(), 2'000'000U);
    const std::string own = test::without_scripts(html);
    EXPECT_THAT(own, Not(testing::ContainsRegex("(src|href)=\"(https?:)?//")));
    EXPECT_THAT(own, HasSubstr("default-src 'none'"));
}

// Of trials of a second each, with the delays of a backend: entropy that no compressor takes out.
TEST(HtmlReport, StaysUnderTwoMegabytesForFortyCellsOfTenTrials) {
    HtmlOptions options;
    for (const char* name : {"sequential", "thread_pool", "callback", "coroutine", "callback_poll",
                             "coroutine_asio", "thread_per_request"}) {
        const std::string file = fmt::format("benches/strategies/{}.cpp", name);
        std::string strategy = name;
        std::replace(strategy.begin(), strategy.end(), '_', '-');
        options.code.push_back({strategy, file, test::read_file(source_dir + "/" + file)});
        EXPECT_GT(options.code.back().text.size(), 500U) << file;
    }
    const RunResult run = sample::large_run(10, 4, 10);
    EXPECT_EQ(run.summary.size(), 40U);
    EXPECT_TRUE(run.valid());  // what is not valid is not drawn, and takes no room
    EXPECT_GT(json_report(run).size(), 3'000'000U);
    EXPECT_LT(html_report(run, options).size(), 2'000'000U);
}

TEST(HtmlReport, NamesEachScriptThatItHoldsByItsHashAndAllowsNoOther) {
    const std::string html = html_report(sample::single_run());
    const std::string policy = html.substr(html.find("Content-Security-Policy"), 600);
    EXPECT_THAT(policy, testing::ContainsRegex("script-src( 'sha256-[A-Za-z0-9+/]{43}='){3};"));
    std::size_t scripts = 0;
    for (std::size_t at = html.find("<script>"); at != std::string::npos;
         at = html.find("<script>", at + 1)) {
        const std::string text = html.substr(at + 8, html.find("</script>", at) - at - 8);
        EXPECT_THAT(policy, HasSubstr(encode_base64(sha256(text))));
        ++scripts;
    }
    EXPECT_EQ(scripts, 2U);
}

TEST(HtmlReport, HoldsTheChartsNumbersInTablesToo) {
    const RunResult run = sample::clean_run();
    const std::string html = html_report(run);
    const Cell& cell = run.summary.back();
    for (const char* metric :
         {"cpu_us_per_request", "peak_rss_bytes", "loop_utilization", "loop_longest_busy_ns",
          "loop_longest_lag_ns", "service_p90_ns", "service_p999_ns", "response_max_ns"}) {
        EXPECT_THAT(html,
                    HasSubstr(">" + human_estimate(metric, cell.metrics.find(metric)->second) + "</td>"))
            << metric;
    }
    EXPECT_THAT(html, HasSubstr("Unknown (1): this strategy has no event loop."));
    EXPECT_THAT(html_report(RunResult{}), Not(HasSubstr("<details class=\"fold\"")));
}

TEST(HtmlReport, TellsWhatTheDetectorsFoundWhereTheyWereOn) {
    const std::string html = html_report(sample::diagnosed_run());
    EXPECT_THAT(html, HasSubstr("blocking-call, 15 times: poll() blocks the event loop"));
    EXPECT_THAT(html, HasSubstr("query(Connection&amp;) at database.cpp:88"));
    EXPECT_EQ(html_report(sample::clean_run()).find("id=\"run-1-diagnosis\""), std::string::npos);
}

TEST(HtmlReport, EscapesTextFromOutside) {
    const std::string html = html_report(sample::hostile_run());
    EXPECT_EQ(html.find(sample::hostile_text), std::string::npos);
    EXPECT_EQ(html.find("<script>window.hostile"), std::string::npos);
    EXPECT_THAT(test::without_scripts(html), HasSubstr(escape_html(sample::hostile_text)));
}

TEST(HtmlReport, EscapesTitlesSourcesAndSeveralResults) {
    const RunResult runs[] = {sample::hostile_run(), sample::hostile_run()};
    const std::string bad = sample::hostile_text;
    const std::string html =
        html_report(runs, {.title = bad, .code = {{"sequential", bad, bad}}, .code_version = bad});
    EXPECT_EQ(html.find(bad), std::string::npos);
    EXPECT_EQ(html.find("<script>window.hostile"), std::string::npos);
    EXPECT_THAT(html, HasSubstr("<title>" + escape_html(bad)));
    EXPECT_THAT(html, HasSubstr("<code>" + escape_html(bad) + "</code></pre>"));
}

TEST(HtmlReport, SaysBesideTheAnswerWhatWasNoted) {
    RunResult run = sample::clean_run();
    EXPECT_THAT(html_report(run), Not(HasSubstr("To know before relying on it")));
    for (Cell& cell : run.summary) cell.warnings.push_back({"machine-busy", "Others used 0.5 cores.", false});
    run.summary[0].warnings.push_back({"drift", "It drifted.", false});
    EXPECT_THAT(html_report(run),
                HasSubstr("other programs used the machine in every cell, drift in 1 cell</a>"));
}

TEST(HtmlReport, PutsWhatAnyTwoResultsShareSideBySide) {
    RunResult shared = sample::single_run();
    RunResult other = shared;
    for (RunResult* run : {&shared, &other}) {
        for (Cell& cell : run->summary) cell.concurrency = 4321;
    }
    const RunResult runs[] = {sample::single_run(), shared, other};
    const std::string html = html_report(runs, {});
    EXPECT_THAT(html.substr(html.find("Side by side"), 4000), HasSubstr("4,321"));
}

TEST(HtmlReport, SaysOfEachOfSeveralResultsWhetherItIsValid) {
    const RunResult runs[] = {sample::single_run(), sample::troubled_run()};
    const std::string html = html_report(runs, {});
    const std::string overview = html.substr(0, html.find("<article"));
    EXPECT_THAT(overview, HasSubstr("<a href=\"#run-2-warnings\">"));
    EXPECT_THAT(overview, Not(HasSubstr("<a href=\"#run-1-warnings\">")));
}

TEST(HtmlReport, CountsLinesThatAreCode) {
    const HtmlOptions options{
        .title = {},
        .code = {{"sequential", "a.cpp", "// No.\n\nint a;  // Yes.\n  /// No.\nint b;"}},
        .code_version = "1.2.3"};
    const std::string html = html_report(sample::single_run(), options);
    EXPECT_THAT(html, HasSubstr("<strong>2 lines of code</strong> in a.cpp"));
    EXPECT_THAT(html, HasSubstr("It is that of asyncbench 1.2.3; measured was asyncbench 0.0.0-made-up."));
}

TEST(HtmlReport, SaysWhyAMetricIsNotDrawn) {
    const std::string html = html_report(sample::clean_run());
    EXPECT_THAT(html,
                HasSubstr("Left out: sequential, thread-pool:threads=32 (this strategy has no event loop)."));
    EXPECT_THAT(html, HasSubstr("this kernel refuses performance counters"));
}

TEST(HtmlReport, TellsHowFarOffTheScalabilityLawIsOfAFlatLineToo) {
    RunResult run = sample::clean_run();
    // One request after another, whatever the concurrency: 50/s, give or take 1 %.
    for (TrialResult& trial : run.trials) {
        if (trial.strategy_name() != "sequential") continue;
        trial.metrics["throughput_rps"] = {trial.repetition % 2 == 0 ? 50.5 : 49.5, {}};
    }
    const auto of = [](const RunResult& result) { return scalability_of(result).front(); };
    ASSERT_TRUE(of(run).fit);
    EXPECT_LT(of(run).fit->r_squared, 0.1);
    EXPECT_NEAR(of(run).fit->sigma.value, 1, 0.01);
    // Of 20 deviations 12 are +0.4 and 8 are -0.6 from a mean of 50.1; 17 degrees of freedom.
    EXPECT_NEAR(of(run).residual_share.value(), std::sqrt((12 * 0.16 + 8 * 0.36) / 17) / 50.1, 1e-4);
    EXPECT_THAT(html_report(run), HasSubstr(">±1.1 %</td>"));
    // What rises and falls again as no law has it.
    for (TrialResult& trial : run.trials) {
        if (trial.strategy_name() == "sequential" && trial.spec.plan.concurrency == 16)
            trial.metrics["throughput_rps"] = {5, {}};
    }
    EXPECT_GT(of(run).residual_share.value(), 0.3);
}

TEST(HtmlReport, BreaksNoRatioOfTheTableInItsInterval) {
    EXPECT_THAT(html_report(sample::clean_run()),
                testing::ContainsRegex("no difference shown [0-9.]+×\u00a0\\[[0-9.]+–\u2060[0-9.]+\\]</td>"));
}

TEST(HtmlReport, ClaimsNoPeakThatIsNotDetermined) {
    StrategyScalability each;
    each.strategy = StrategySpec::parse("callback");
    each.highest = 256;
    each.fit.emplace();
    each.fit->peak_concurrency = 3771;
    EXPECT_THAT(scalability_details({each}),
                AllOf(HasSubstr("not determined</td>"), Not(HasSubstr("3,771"))));
    each.fit->peak = Estimate{3771, 2000, 9000, 0.95};
    EXPECT_THAT(scalability_details({each}), HasSubstr("3,771 [2,000–9,000], beyond what was measured"));
    each.highest = 4096;
    EXPECT_THAT(scalability_details({each}), Not(HasSubstr("beyond what was measured")));
}

TEST(HtmlReport, TheSiteSaysWhatHasTooFewTrialsForARank) {
    RunResult run = sample::single_run();
    EXPECT_THAT(site_index({site_entry(run, "runs/a")}, ""), Not(HasSubstr("too few trials to rank")));
    std::erase_if(run.trials, [](const TrialResult& trial) { return trial.repetition > 0; });
    run.summary = summarize(run.scenario, run.trials);
    EXPECT_THAT(site_index({site_entry(run, "runs/a")}, ""),
                AllOf(HasSubstr("valid, too few trials to rank"), HasSubstr("one trial, no interval")));
}

TEST(HtmlReport, TellsTheNoiseOfWhatRanks) {
    RunResult run = sample::single_run();
    for (Cell& cell : run.summary) {
        cell.metrics["throughput_rps"] = {100, 99, 101, 0.9375};
        cell.metrics["response_p99_ns"] = {100e6, 80e6, 120e6, 0.9375};
    }
    EXPECT_THAT(html_report(run),
                testing::AllOf(HasSubstr(">Noise</th>"), HasSubstr("±1.0 %"),
                               HasSubstr("half of the throughput's interval"), Not(HasSubstr("±20 %"))));
    run.scenario.plan.kind = PlanKind::open;
    run.scenario.plan.rate_rps = 100;
    EXPECT_THAT(html_report(run), testing::AllOf(HasSubstr(">Noise of response p99</th>"), HasSubstr("±20 %"),
                                                 HasSubstr("half of the interval of the response time's p99"),
                                                 Not(HasSubstr("±1 %"))));
}

TEST(HtmlReport, CountsTheTrialsThatCount) {
    RunResult run = sample::clean_run();
    EXPECT_THAT(html_report(run), HasSubstr("; 5 valid trials a cell. "));
    run.summary[3].valid_trials = 3;
    EXPECT_THAT(html_report(run), HasSubstr("; 3 to 5 valid trials a cell. "));
    // In the middle of a run.
    for (Cell& cell : run.summary) cell.trials = cell.valid_trials = 1;
    run.summary.pop_back();
    const std::string html = html_report(run);
    EXPECT_THAT(html, HasSubstr("; 1 valid trial a cell, of 5 planned. "));
    EXPECT_THAT(html, HasSubstr("Left out: coroutine at 256 (not measured so far)."));
}

TEST(HtmlReport, NamesFewOfManyCellsLeftOut) {
    RunResult run = sample::clean_run();
    for (Cell& cell : run.summary) cell.valid_trials = 0;
    EXPECT_THAT(html_report(run), HasSubstr("coroutine at 1, sequential at 16, thread-pool:threads=32 at 16 "
                                            "and 10 more (no valid trial)."));
}

TEST(HtmlReport, SaysWhyAnOpenLoopServesLessThanItWasOffered) {
    RunResult run = sample::clean_run();
    EXPECT_THAT(html_report(run), Not(HasSubstr("Offered are")));
    run.scenario.plan.kind = PlanKind::open;
    run.scenario.plan.rate_rps = 1000;
    EXPECT_THAT(html_report(run), HasSubstr("Offered are 1,000/s."));
}

TEST(HtmlReport, SaysWhyThereIsNothingToCompare) {
    RunResult run = sample::clean_run();
    const std::string one = "There is nothing to compare with: one strategy was measured.";
    EXPECT_THAT(html_report(run), Not(HasSubstr("There is nothing to compare with")));
    const StrategySpec kept = run.scenario.strategies.front();
    run.scenario.strategies.resize(1);
    std::erase_if(run.summary, [&](const Cell& cell) { return !(cell.strategy == kept); });
    std::erase_if(run.trials, [&](const TrialResult& trial) { return !(trial.spec.strategy == kept); });
    run.comparisons.clear();
    EXPECT_THAT(html_report(run), HasSubstr(one));
    for (Cell& cell : run.summary) cell.valid_trials = 0;
    EXPECT_THAT(html_report(run), Not(HasSubstr(one)));
    EXPECT_THAT(html_report(run), HasSubstr("No valid measurement to draw."));
}

TEST(HtmlReport, LeadsWhereLinesThatCoincideAreToldApart) {
    const std::string sentence = "Lines that lie on each other here are told apart in the next chart";
    EXPECT_THAT(html_report(sample::clean_run()), HasSubstr(sentence));
    EXPECT_THAT(html_report(sample::single_run()), Not(HasSubstr(sentence)));
}

TEST(ChartData, NamesTheLinesThatReachTheEnd) {
    const RunResult run = sample::troubled_run();  // callback has no valid trial at 64
    const Json data = chart_data(run, scalability_of(run));
    std::vector<std::string> names;
    for (const Json& row : data["datasets"]["ends"]) names.push_back(row["label"]);
    EXPECT_THAT(names, testing::ElementsAre("ideal", "coroutine", "exec:python3 examples/client.py",
                                            "thread-pool:threads=32", "sequential"));
}

TEST(ChartData, LeavesOutTheTrialsOfACellWithoutAMedian) {
    RunResult run = sample::clean_run();
    const StrategySpec out = run.summary.front().strategy;
    for (TrialResult& trial : run.trials) {
        if (trial.spec.strategy == out) trial.warnings.push_back({"target-late", "It was late.", true});
    }
    run.summary = summarize(run.scenario, run.trials);
    const Json sets = chart_data(run, scalability_of(run))["datasets"];
    for (const char* set : {"throughput_trials", "share_trials", "cpu_trials"}) {
        EXPECT_FALSE(sets[set].empty()) << set;
        for (const Json& row : sets[set]) EXPECT_NE(row["strategy"], out.text()) << set;
    }
}

TEST(ChartData, CountsNothingInARunThatIsInvalidAsAWhole) {
    RunResult run = sample::clean_run();
    run.warnings.push_back({"clock-jumped", "The clock jumped.", true});
    const Json data = chart_data(run, scalability_of(run));
    for (const char* chart : {"ratios", "latency", "distribution", "timeline"})
        EXPECT_FALSE(data["charts"].contains(chart)) << chart;
    for (const char* set : {"throughput", "throughput_trials", "share", "cpu", "memory"}) {
        for (const Json& row : data["datasets"][set]) EXPECT_EQ(row["valid"], false) << set;
    }
    for (const Json& row : data["datasets"]["drift"]) EXPECT_EQ(row["validity"], "not valid");
    EXPECT_TRUE(data["datasets"]["fit"].empty());
    const std::string html = html_report(run);
    EXPECT_THAT(html, HasSubstr("(the run as a whole is not valid).</p>"));
    EXPECT_THAT(html, Not(HasSubstr("There is nothing to compare with")));
    EXPECT_THAT(html_report(sample::clean_run()), Not(HasSubstr("the run as a whole")));
}

TEST(HtmlReport, SaysOfWhatTheDriftIs) {
    RunResult run = sample::clean_run();
    run.scenario.plan.kind = PlanKind::open;
    run.scenario.plan.rate_rps = 1000;
    EXPECT_THAT(html_report(run), HasSubstr("<figcaption>response p99; "));
}

TEST(ChartColours, AreToldApartByEveryEye) {
    const test::CommandResult result =
        test::run_command("node '" + source_dir + "/tests/reports/browser/check_colours.mjs'");
    EXPECT_EQ(result.status, 0) << result.output;
}

TEST(Sha256, IsThatOfTheStandard) {
    // FIPS 180-4's examples, and lengths around a block's end.
    EXPECT_EQ(hex(sha256("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    EXPECT_EQ(hex(sha256("")), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    EXPECT_EQ(hex(sha256("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")),
              "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    EXPECT_EQ(hex(sha256(std::string(1'000'000, 'a'))),
              "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

/// Checks in a real browser, tests/reports/browser/checks/.
class InABrowser : public testing::TestWithParam<const char*> {};

TEST_P(InABrowser, TheReportHolds) {
    const test::TemporaryDirectory directory;
    int downloads = 0;
    const HtmlOptions options{.title = {},
                              .code = {{"coroutine", "benches/strategies/coroutine.cpp",
                                        "// Comment.\n\nconst Response response = co_await "
                                        "session.get(ticket->url);\nreturn;\n"}},
                              .code_version = "0.0.0-made-up"};
    std::vector<std::pair<std::string, RunResult>> runs{{"clean", sample::clean_run()},
                                                        {"single", sample::single_run()},
                                                        {"troubled", sample::troubled_run()},
                                                        {"diagnosed", sample::diagnosed_run()},
                                                        {"hostile", sample::hostile_run()},
                                                        {"outlier", sample::outlier_run()},
                                                        {"crowded", sample::crowded_run()},
                                                        {"empty", RunResult{}},
                                                        {"open-loop", sample::open_loop_run()},
                                                        {"alike-names", sample::alike_names_run()},
                                                        {"without-first", sample::without_first_run()}};
    // Takes a second to make, and longer under a sanitizer.
    const std::string check = GetParam();
    if (check == "large") runs.emplace_back("large", sample::large_run(10, 4, 10));
    if (check == "looks" || check == "quiet") runs.emplace_back("many", sample::large_run(10, 3, 2));
    for (const auto& [name, run] : runs) {
        test::write_file(directory.path() / (name + ".html"), html_report(run, options));
        test::write_file(directory.path() / (name + ".json"), json_report(run));
    }
    const RunResult several[] = {sample::clean_run(), sample::single_run()};
    test::write_file(directory.path() / "several.html",
                     html_report(several, HtmlOptions{.title = "Two runs", .code = {}, .code_version = {}}));
    RunResult turned = sample::clean_run();
    std::reverse(turned.scenario.strategies.begin(), turned.scenario.strategies.end());
    const RunResult reversed[] = {sample::clean_run(), turned};
    test::write_file(directory.path() / "reversed.html", html_report(reversed, {}));
    const test::CommandResult result =
        test::run_command("node '" + source_dir + "/tests/reports/browser/check_report.mjs' " + check + " " +
                          directory.path().string());
    EXPECT_EQ(result.status, 0) << result.output;
    // What a page gave to download is the result, bit for bit, however its browser compresses.
    for (const auto& [name, run] : runs) {
        const auto file = directory.path() / (name + "-downloaded.json");
        if (!std::filesystem::exists(file)) continue;
        EXPECT_EQ(json_report(read_json_report(test::read_file(file))), json_report(run)) << name;
        ++downloads;
    }
    EXPECT_EQ(downloads, check == "download" ? 2 : 0);
}

INSTANTIATE_TEST_SUITE_P(HtmlReport, InABrowser,
                         testing::Values("draws", "ratios", "alike", "opens", "shortened", "outlier", "ends",
                                         "captions", "share", "scalability", "single", "selects", "labels",
                                         "leftout", "switches", "tooltips", "saves", "prints", "looks",
                                         "numbers", "large", "several", "code", "quiet", "dark", "axe",
                                         "hostile", "warnings", "noscript", "undrawn", "policy", "download"),
                         [](const auto& check) { return std::string(check.param); });

}  // namespace
}  // namespace asyncbench
