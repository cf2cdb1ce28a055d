#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <string>

#include "analysis/summary.hpp"
#include "harness/measure/base64.hpp"
#include "harness/trial/json_fields.hpp"
#include "reports/html/assets.hpp"
#include "reports/html/figures.hpp"
#include "reports/html/html_table.hpp"
#include "reports/html/markup.hpp"
#include "reports/html/run_data.hpp"
#include "reports/html/run_tables.hpp"
#include "reports/html/site_index.hpp"
#include "reports/report.hpp"
#include "reports/text/human.hpp"
#include "tests/reports/chart_data.hpp"
#include "tests/reports/sample_findings.hpp"
#include "tests/reports/sample_run.hpp"
#include "tests/reports/test_support.hpp"
#include "tests/support/paths/paths.hpp"

namespace asyncbench::html_report_tests {

using test::chart_data;
using testing::HasSubstr;
using testing::Not;

/// As sha256sum prints it.
std::string sha256(std::string_view text) {
    const test::TemporaryDirectory directory;
    test::write_file(directory.path() / "text", std::string(text));
    return test::run_command("sha256sum < " + (directory.path() / "text").string()).output.substr(0, 64);
}

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

TEST(ChartData, HoldsNoTextThatReorders) {
    RunResult run = sample::single_run();
    const StrategySpec old = run.scenario.strategies.front();
    const StrategySpec hostile = StrategySpec::parse("exec:a\u202eb");
    run.scenario.strategies.front() = hostile;
    for (Trial& trial : run.trials)
        if (trial.spec.strategy == old) trial.spec.strategy = hostile;
    run.summary = summarize(run.scenario, run.trials);
    run.comparisons = compare_with_first(run.summary, run.trials);
    const std::string data = to_text(chart_data(run)["datasets"]);
    EXPECT_THAT(data, Not(HasSubstr("\u202e")));
    for (const char* row : {R"("strategy":"exec:a\\u202eb")", R"("of":"exec:a\\u202eb")"})
        EXPECT_THAT(data, HasSubstr(row));
}

TEST(HtmlTable, LeavesOutNoCellWithoutSayingSo) {
    HtmlTable table("Numbers.", {"a", "b"});
    table.add_row({"1"});
    EXPECT_THAT(table.text(), HasSubstr("<td data-label=\"b\"></td></tr>"));
    EXPECT_THROW(table.add_row({"1", "2", "3"}), std::invalid_argument);
    HtmlTable compact("Numbers.", {"a", "b"}, TableLayout::compact);
    compact.add_row({"1", "<2>"}, true);
    EXPECT_THAT(compact.text(), HasSubstr("<tr class=\"bad\"><th scope=\"row\">1 "
                                          "<strong>wrong</strong></th><td>&lt;2&gt;\n</tbody>"));
}

TEST(FillTemplate, PutsValuesInPlacesOnce) {
    EXPECT_EQ(fill_template("a {{x}} b {{y}}{{x}}", {{"x", "{{y}}"}, {"y", "2"}}), "a {{y}} b 2{{y}}");
    EXPECT_THROW(fill_template("{{z}}", {{"x", "1"}}), std::out_of_range);
    EXPECT_THROW(fill_template("{{x", {{"x", "1"}}), std::out_of_range);
}

TEST(ReportAssets, AreTheFilesAndCloseNoScript) {
    EXPECT_EQ(report_asset("page.html"), test::read_file(test::source_dir() + "/reports/html/page.html"));
    EXPECT_THAT(std::string(report_asset("page.js")),
                HasSubstr(test::read_file(test::source_dir() + "/reports/html/report.js")));
    const Json chart = Json::parse(test::read_file(test::source_dir() + "/reports/charts/latency.vl.json"));
    EXPECT_THAT(std::string(report_asset("drawing.js")), HasSubstr(chart.dump()));
    EXPECT_THROW(report_asset("nothing"), std::out_of_range);
    for (const ReportAsset& asset : report_assets()) {
        if (!asset.name.ends_with(".js")) continue;
        EXPECT_EQ(asset.text.find("</script"), std::string_view::npos) << asset.name;
        EXPECT_EQ(asset.text.find("<!--"), std::string_view::npos) << asset.name;
    }
}

TEST(ChartData, ReadsPercentilesFromTheMergedHistograms) {
    const RunResult run = sample::clean_run();
    const Json data = chart_data(run);
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
    EXPECT_GT(seen, 20);
}

TEST(ChartData, ComparesStrategiesWithEachOtherWhereTheFirstIsWrong) {
    RunResult run = sample::clean_run();
    for (Trial& trial : run.trials) {
        if (trial.strategy_name() == "sequential")
            trial.warnings.push_back({"work-mismatch", "Other work.", WarningKind::wrong});
    }
    run.summary = summarize(run.scenario, run.trials);
    run.comparisons = compare_with_first(run.summary, run.trials);
    const Json data = chart_data(run);
    bool seen = false;
    for (const Json& row : data["datasets"]["ratios"]) {
        EXPECT_NE(row["strategy"], "sequential");
        EXPECT_NE(row["base"], "sequential");
        seen = seen ||
               (row["base"] == "callback" && row["strategy"] == "coroutine" && row["concurrency"] == 256);
    }
    EXPECT_TRUE(seen);
}

TEST(ChartData, DrawsNothingOfAWrongCell) {
    const RunResult run = sample::findings_run();
    const Json data = chart_data(run);
    for (const auto& [set, rows] : data["datasets"].items()) {
        for (const Json& row : rows) {
            const std::string field = set == "measured" ? "of" : "strategy";
            if (!row.contains(field)) continue;
            EXPECT_FALSE(row[field] == "callback" && row["concurrency"] == 64 && set != "fit") << set;
            if (row.contains("standing")) {
                EXPECT_NE(row["standing"], "wrong") << set;
            }
        }
    }
}

TEST(ChartData, SaysHowEachValueStands) {
    const RunResult run = sample::findings_run();
    const Json sets = chart_data(run)["datasets"];
    const auto row_of = [&](const char* set, const char* strategy, int concurrency, int block) {
        for (const Json& row : sets[set]) {
            if (row["strategy"] == strategy && row["concurrency"] == concurrency &&
                (block == 0 || row["block"] == block))
                return row;
        }
        return Json();
    };
    EXPECT_EQ(row_of("throughput_trials", "callback", 256, 1)["standing"], "ok");
    EXPECT_EQ(row_of("throughput_trials", "callback", 256, 3)["standing"], "disturbed");
    EXPECT_EQ(row_of("throughput", "callback", 256, 0)["standing"], "disturbed");
    EXPECT_EQ(row_of("drift", "callback", 256, 4)["standing"], "disturbed");
    // At least so much of throughput, at most so much of a time; of CPU time it says nothing.
    const Json limited = row_of("throughput", "coroutine", 256, 0);
    EXPECT_EQ(limited["standing"], "limited");
    EXPECT_EQ(limited["bound"], 1);
    EXPECT_THAT(limited["text"].get<std::string>(), testing::StartsWith("≥ "));
    EXPECT_EQ(row_of("overhead", "coroutine", 256, 0)["bound"], -1);
    EXPECT_EQ(row_of("cpu", "coroutine", 256, 0)["bound"], 0);
    for (const Json& row : sets["ratios"]) {
        if (row["concurrency"] != 256 || !row["measure"].get<std::string>().starts_with("throughput"))
            continue;
        const int expected = row["strategy"] == "coroutine" ? 1 : row["base"] == "coroutine" ? -1 : 0;
        EXPECT_EQ(row["bound"], expected) << row.dump();
    }
}

TEST(ChartData, DrawsTheScalabilityLawThatWasFitted) {
    const RunResult run = sample::clean_run();
    const Json rows = chart_data(run)["datasets"]["fit"];
    for (const StrategyScalability& each : scalability_of(run)) {
        ASSERT_TRUE(each.fit);
        std::vector<double> concurrencies;
        for (const Json& row : rows) {
            if (row["strategy"] != each.strategy.text()) continue;
            concurrencies.push_back(row["concurrency"]);
            const double expected = each.fit->throughput_at(concurrencies.back());
            EXPECT_NEAR(row["value"].get<double>(), expected, 1e-4 * expected);
        }
        ASSERT_GT(concurrencies.size(), 20U);
        EXPECT_TRUE(std::is_sorted(concurrencies.begin(), concurrencies.end()));
        EXPECT_DOUBLE_EQ(concurrencies.front(), each.lowest);
        EXPECT_DOUBLE_EQ(concurrencies.back(), each.highest);
    }
}

TEST(Figures, HaveAPlaceOnThePage) {
    const std::string page(report_asset("result.html"));
    for (const FigureGroup& group : figure_groups())
        EXPECT_THAT(page, HasSubstr("{{" + std::string(group.place) + "}}"));
    const std::string figure = R"([{"group": "latency", "name": "a", "heading": "A", "words": "."}])";
    EXPECT_EQ(figures_from(figure).front().group, "latency");
    const std::string misspelt = R"([{"group": "latencies", "name": "a", "heading": "A", "words": "."}])";
    EXPECT_THROW(figures_from(misspelt), std::invalid_argument);
}

TEST(Figures, SayTheConfidenceOfTheIntervalsThatTheyDraw) {
    RunResult run = sample::clean_run();
    for (Cell& cell : run.summary) {
        cell.metrics["throughput_rps"].confidence = 0.9375;
        cell.metrics["efficiency"].confidence = 0.96875;
        cell.metrics["cpu_us_per_request"].confidence = 0;
    }
    const Json captions = shown_of(run, {})["captions"];
    const auto caption = [&](const char* figure) { return captions[figure].get<std::string>(); };
    EXPECT_THAT(caption("throughput"), HasSubstr("; intervals of 93.8 % confidence."));
    EXPECT_THAT(caption("share"), HasSubstr("; intervals of 96.9 % confidence."));
    EXPECT_THAT(caption("cpu"), HasSubstr("; too few trials for intervals."));
    EXPECT_THAT(html_report(run), HasSubstr("its interval (93.8 % to 96.9 % confidence)"));
}

TEST(HtmlReport, CallsAStrategyWithoutAClientUnavailableAndNotWrong) {
    const std::string table = trial_table(sample::unavailable_run());
    EXPECT_THAT(table, HasSubstr("coroutine <strong>unavailable</strong></th>"));
    EXPECT_THAT(table, HasSubstr("<td>unavailable<td>–<td>Disks have no client on a loop."));
    EXPECT_THAT(table, Not(HasSubstr("wrong")));
    EXPECT_THAT(test::without_scripts(html_report(sample::unavailable_run())),
                Not(HasSubstr("<strong>wrong</strong>")));
}

TEST(HtmlReport, SaysWhichTrialsAreLostAndWhichWrong) {
    const std::string troubled = trial_table(sample::troubled_run());
    EXPECT_THAT(troubled, HasSubstr("thread-pool:<wbr>threads=32 <strong>lost</strong></th>"));
    EXPECT_THAT(troubled, Not(HasSubstr("<strong>wrong</strong>")));
    EXPECT_THAT(trial_table(sample::findings_run()), HasSubstr("callback <strong>wrong</strong></th>"));
    RunResult run = sample::clean_run();
    run.warnings.push_back({"clock-jumped", "The clock jumped.", WarningKind::wrong});
    EXPECT_THAT(trial_table(run), HasSubstr("callback <strong>wrong</strong></th>"));
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
        options.code.push_back({strategy, file, test::read_file(test::source_dir() + "/" + file)});
        EXPECT_GT(options.code.back().text.size(), 500U) << file;
    }
    const RunResult run = sample::large_run(10, 4, 10);
    EXPECT_EQ(run.summary.size(), 40U);
    EXPECT_TRUE(run.usable());  // what is wrong is not drawn, and takes no room
    EXPECT_GT(json_report(run).size(), 3'000'000U);
    EXPECT_LT(html_report(run, options).size(), 2'000'000U);
}

TEST(HtmlReport, NamesEachScriptThatItHoldsByItsHashAndAllowsNoOther) {
    const std::string html = html_report(sample::single_run());
    const std::string policy = html.substr(html.find("Content-Security-Policy"), 600);
    EXPECT_THAT(policy, testing::ContainsRegex("script-src( 'sha256-[A-Za-z0-9+/]{43}='){3};"));
    std::vector<std::string> hashes;
    for (std::size_t at = policy.find("'sha256-"); at != std::string::npos;
         at = policy.find("'sha256-", at + 1))
        hashes.push_back(hex(decode_base64(policy.substr(at + 8, 44)).value()));
    EXPECT_THAT(hashes, testing::Contains(sha256(report_asset("drawing.js"))));
    std::size_t scripts = 0;
    for (std::size_t at = html.find("<script>"); at != std::string::npos;
         at = html.find("<script>", at + 1)) {
        const std::string text = html.substr(at + 8, html.find("</script>", at) - at - 8);
        EXPECT_THAT(hashes, testing::Contains(sha256(text)));
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
          "loop_longest_lag_ns", "service_p90_ns", "service_p999_ns", "service_max_ns"}) {
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
    for (Cell& cell : run.summary)
        cell.warnings.push_back({"machine-busy", "Others used 0.5 cores.", WarningKind::note});
    run.summary[0].warnings.push_back({"drift", "It drifted.", WarningKind::note});
    EXPECT_THAT(html_report(run),
                HasSubstr("other programs used the machine in every cell, drift in 1 cell</a>"));
}

TEST(HtmlReport, LeadsToEachFindingFromTheTop) {
    const std::string html = html_report(sample::findings_run());
    const std::string top = html.substr(0, html.find("id=\"run-1-throughput\""));
    EXPECT_THAT(top, HasSubstr("<strong>Wrong:</strong> callback at 64."));
    EXPECT_THAT(top, HasSubstr("<strong>Limited:</strong> coroutine at 256."));
    EXPECT_THAT(top,
                HasSubstr("<strong>Disturbed:</strong> The machine was busy in 3 of 5 blocks: other programs "
                          "used 1.2 cores."));
    const std::string list = html.substr(html.find("id=\"run-1-warnings\""), 2000);
    EXPECT_LT(list.find("work-mismatch"), list.find("target-saturated"));
    EXPECT_LT(list.find("target-saturated"), list.find("machine-busy"));
    EXPECT_EQ(list.find("machine-busy"), list.rfind("machine-busy"));  // one line for the run
    const std::string quiet = html_report(sample::judged_run());
    EXPECT_THAT(quiet, Not(HasSubstr("<strong>Disturbed:</strong>")));
    EXPECT_THAT(quiet, Not(HasSubstr("hollow")));
    EXPECT_THAT(quiet, Not(HasSubstr("An arrow is a bound")));
}

TEST(HtmlReport, KnowsNoValidMeasurement) {
    for (const RunResult& run : {sample::judged_run(), sample::findings_run(), RunResult{}}) {
        const std::string text = test::without_scripts(html_report(run));
        EXPECT_THAT(text, Not(testing::ContainsRegex("[^n]valid")));
    }
}

TEST(HtmlReport, SaysOnceWhoIsMeasuredForEveryConcurrency) {
    const std::string sentence = "sequential has one request in flight whatever the concurrency";
    const std::string html = html_report(sample::judged_run());
    const auto first = html.find(sentence);
    EXPECT_NE(first, std::string::npos);
    EXPECT_NE(html.find(sentence, html.find("id=\"run-1-cells\"")), std::string::npos);
    EXPECT_THAT(html_report(sample::clean_run()), Not(HasSubstr(sentence)));
}

TEST(HtmlReport, TellsWhatAStrategyIsWhereItIsNamedFirstAndBesideItsCode) {
    const HtmlOptions options{.title = {},
                              .code = {{"sequential", "a.cpp", "int a;", "One <b> after another."}},
                              .code_version = {}};
    const std::string html = html_report(sample::single_run(), options);
    EXPECT_THAT(html, HasSubstr("<dt>sequential</dt><dd>One &lt;b&gt; after another.</dd>"));
    EXPECT_THAT(html, HasSubstr("<h3>sequential</h3>\n<p class=\"what\">One &lt;b&gt; after another.</p>"));
    EXPECT_LT(html.find("<dl class"), html.find("<figure>"));
}

TEST(HtmlReport, ShowsResponseTimesWhereTheyAreOthersThanServiceTimes) {
    EXPECT_THAT(html_report(sample::judged_run()), Not(HasSubstr("Response p99")));
    EXPECT_THAT(html_report(sample::open_loop_run()), HasSubstr("<th scope=\"col\">Response p99</th>"));
}

TEST(HtmlReport, ShowsOverheadAndTheTargetsLatenessWhereTheyAreKnown) {
    const std::string html = html_report(sample::judged_run());
    EXPECT_THAT(html, HasSubstr("<th scope=\"col\">Target late</th>"));
    EXPECT_THAT(html, HasSubstr("<td data-label=\"Target late\">310 µs</td>"));
    EXPECT_THAT(html, HasSubstr("<td data-label=\"Time\">overhead</td>"));
    EXPECT_THAT(html_report(sample::clean_run()), Not(HasSubstr("Target late")));
}

TEST(HtmlReport, ListsEveryQuestionOfTheRanking) {
    RunResult run = sample::judged_run();
    run.ranking->orders.resize(5);
    const OrderVerdict verdicts[] = {OrderVerdict::head_better, OrderVerdict::base_better,
                                     OrderVerdict::alike, OrderVerdict::through_target, OrderVerdict::open};
    for (std::size_t i = 0; i < 5; ++i) run.ranking->orders[i].verdict = verdicts[i];
    run.ranking->orders[0].punctual_ratio = Estimate{1.25, 1.2, 1.3, 0.95};
    run.ranking->orders[2].alike_within = 0.03;
    const std::string table = order_table(run);
    EXPECT_THAT(table, HasSubstr("1.25× [1.20–1.30]"));
    EXPECT_THAT(table, HasSubstr(run.ranking->orders[0].head.text() + " is better"));
    EXPECT_THAT(table, HasSubstr(run.ranking->orders[1].base.text() + " is better"));
    for (const char* words :
         {"alike within 3.0 %", "apart through the target&#39;s lateness alone", "no order shown"})
        EXPECT_THAT(table, HasSubstr(words));
    run.ranking.reset();
    EXPECT_EQ(order_table(run), "");
}

TEST(HtmlReport, HasContentsOfTheSectionsThatAreThere) {
    const std::string html = html_report(sample::clean_run());
    const std::string nav = html.substr(html.find("<nav"), html.rfind("</nav>") - html.find("<nav"));
    EXPECT_THAT(nav, HasSubstr("<a href=\"#run-1-latency\">Latency</a>"));
    EXPECT_THAT(nav, Not(HasSubstr("diagnosis")));
    EXPECT_THAT(html_report(sample::diagnosed_run()), HasSubstr("<a href=\"#run-1-diagnosis\">"));
    const RunResult runs[] = {sample::single_run(), sample::hostile_run()};
    const std::string several = html_report(runs, {});
    EXPECT_THAT(several, HasSubstr("<a href=\"#run-2\">2. "));
    EXPECT_THAT(several, HasSubstr("<a href=\"#run-2-method\">"));
    EXPECT_EQ(several.find(sample::hostile_text), std::string::npos);
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

TEST(HtmlReport, SaysOfEachOfSeveralResultsWhetherItIsWrong) {
    const RunResult runs[] = {sample::single_run(), sample::findings_run()};
    const std::string html = html_report(runs, {});
    const std::string overview =
        html.substr(html.find("<main>"), html.find("<article") - html.find("<main>"));
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
    EXPECT_THAT(html,
                HasSubstr("Not drawn: Instructions per request, because this kernel refuses performance "
                          "counters"));
    EXPECT_THAT(html, Not(HasSubstr("data-chart=\"instructions\"")));
}

TEST(HtmlReport, TellsHowFarOffTheScalabilityLawIsOfAFlatLineToo) {
    RunResult run = sample::clean_run();
    // One request after another, whatever the concurrency: 50/s, give or take 1 %.
    for (Trial& trial : run.trials) {
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
    for (Trial& trial : run.trials) {
        if (trial.strategy_name() == "sequential" && trial.spec.plan.concurrency == 16)
            trial.metrics["throughput_rps"] = {5, {}};
    }
    EXPECT_GT(of(run).residual_share.value(), 0.3);
}

TEST(HtmlReport, BreaksNoRatioOfTheTableInItsInterval) {
    EXPECT_THAT(html_report(sample::clean_run()),
                testing::ContainsRegex(">[0-9.]+×\u00a0\\[[0-9.]+–\u2060[0-9.]+\\]</td>"));
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
    std::erase_if(run.trials, [](const Trial& trial) { return trial.repetition > 0; });
    run.summary = summarize(run.scenario, run.trials);
    EXPECT_THAT(site_index({site_entry(run, "runs/a")}, ""),
                AllOf(HasSubstr("ok, too few trials to rank"), HasSubstr("<span class=\"verdict\">")));
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
    EXPECT_THAT(html_report(run), HasSubstr("Drawn are 5 trials a cell: "));
    run.summary[3].trials = 50;
    run.summary[3].used_trials = 48;
    EXPECT_THAT(html_report(run), HasSubstr("Drawn are 5 to 48 trials a cell: "));
    EXPECT_THAT(html_report(run), HasSubstr("In no chart: 2 trials of coroutine at 1 (wrong)."));
    // In the middle of a run.
    for (Cell& cell : run.summary) cell.trials = cell.used_trials = 1;
    run.summary.pop_back();
    const std::string html = html_report(run);
    EXPECT_THAT(html, HasSubstr("Drawn are 1 trial a cell, of 5 planned: "));
    EXPECT_THAT(html, HasSubstr("In no chart: coroutine at 256 (not measured so far)."));
}

TEST(HtmlReport, NamesFewOfManyCellsLeftOut) {
    RunResult run = sample::clean_run();
    for (std::size_t i = 0; i + 1 < run.summary.size(); ++i) run.summary[i].used_trials = 0;
    EXPECT_THAT(html_report(run),
                testing::ContainsRegex("In no chart: ([^,]*, ){5}[^,]* and 9 more \\(wrong\\)"));
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
    const std::string one =
        "Not drawn: Against each other, because there is nothing to compare with, as one strategy was "
        "measured.";
    EXPECT_THAT(html_report(run), Not(HasSubstr("nothing to compare with")));
    const StrategySpec kept = run.scenario.strategies.front();
    run.scenario.strategies.resize(1);
    std::erase_if(run.summary, [&](const Cell& cell) { return !(cell.strategy == kept); });
    std::erase_if(run.trials, [&](const Trial& trial) { return !(trial.spec.strategy == kept); });
    run.comparisons.clear();
    EXPECT_THAT(html_report(run), HasSubstr(one));
    for (Cell& cell : run.summary) cell.used_trials = 0;
    EXPECT_THAT(html_report(run), Not(HasSubstr(one)));
    EXPECT_THAT(html_report(run), HasSubstr("because nothing was measured that can be used."));
}

TEST(ChartData, NamesTheLinesThatReachTheEnd) {
    const RunResult run = sample::findings_run();
    const Json data = chart_data(run);
    std::vector<std::string> names;
    for (const Json& row : data["datasets"]["ends"]) names.push_back(row["label"]);
    EXPECT_THAT(names, testing::UnorderedElementsAre("ideal", "coroutine", "callback",
                                                     "thread-pool:threads=32", "sequential"));
}

TEST(ChartData, LeavesOutTheTrialsOfAWrongCell) {
    RunResult run = sample::clean_run();
    const StrategySpec out = run.summary.front().strategy;
    for (Trial& trial : run.trials) {
        if (trial.spec.strategy == out)
            trial.warnings.push_back({"wrong-content", "It was.", WarningKind::wrong});
    }
    run.summary = summarize(run.scenario, run.trials);
    const Json sets = chart_data(run)["datasets"];
    for (const char* set : {"throughput_trials", "share_trials", "cpu_trials"}) {
        EXPECT_FALSE(sets[set].empty()) << set;
        for (const Json& row : sets[set]) EXPECT_NE(row["strategy"], out.text()) << set;
    }
}

TEST(ChartData, DrawsNothingOfARunThatIsWrongAsAWhole) {
    RunResult run = sample::clean_run();
    run.warnings.push_back({"clock-jumped", "The clock jumped.", WarningKind::wrong});
    const Json data = chart_data(run);
    EXPECT_TRUE(data["charts"].empty());
    const std::string html = html_report(run);
    EXPECT_THAT(html, HasSubstr("<strong>Wrong:</strong> the run as a whole."));
    EXPECT_THAT(html, Not(HasSubstr("nothing to compare with")));
    EXPECT_THAT(html, Not(HasSubstr("<figure>")));
    EXPECT_THAT(html_report(sample::clean_run()), Not(HasSubstr("the run as a whole")));
}

TEST(HtmlReport, SaysOfWhatTheDriftIs) {
    RunResult run = sample::clean_run();
    run.scenario.plan.kind = PlanKind::open;
    run.scenario.plan.rate_rps = 1000;
    EXPECT_THAT(html_report(run), HasSubstr("<figcaption>Response p99. Each trial in the order run"));
}

TEST(ChartColours, AreToldApartByEveryEye) {
    const test::CommandResult result =
        test::run_command("node '" + test::source_dir() + "/tests/reports/browser/check_colours.mjs'");
    EXPECT_EQ(result.status, 0) << result.output;
}

}  // namespace asyncbench::html_report_tests
