#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "reports/report.hpp"
#include "tests/reports/sample_findings.hpp"
#include "tests/reports/sample_load.hpp"
#include "tests/reports/sample_run.hpp"
#include "tests/reports/test_support.hpp"
#include "tests/support/paths/paths.hpp"

namespace asyncbench::pages_in_a_browser_tests {

/// Without the histograms that nothing on a page is drawn from.
RunResult as_on_the_page(RunResult run) {
    for (Trial& trial : run.trials) {
        trial.overhead_ns = {};
        if (trial.target) trial.target->delay_error_ns = {};
    }
    for (Cell& cell : run.summary) cell.overhead_ns = {};
    return run;
}

/// What pages are made of, by the name of the page's file.
std::vector<std::pair<std::string, RunResult>> runs_of_pages() {
    return {{"clean", sample::clean_run()},
            {"single", sample::single_run()},
            {"troubled", sample::troubled_run()},
            {"diagnosed", sample::diagnosed_run()},
            {"hostile", sample::hostile_run()},
            {"outlier", sample::outlier_run()},
            {"crowded", sample::crowded_run()},
            {"empty", RunResult{}},
            {"open-loop", sample::open_loop_run()},
            {"alike-names", sample::alike_names_run()},
            {"without-first", sample::without_first_run()},
            {"judged", sample::judged_run()},
            {"findings", sample::findings_run()},
            {"unavailable", sample::unavailable_run()},
            {"load", sample::load_run()},
            {"load-search", sample::load_search_run()},
            {"load-hostile", sample::hostile_load_run()},
            {"many", sample::large_run(10, 3, 2)},
            {"large", sample::large_run(10, 4, 10)}};
}

/// The pages that the browser opens, beside the results that they are made of. Made once in a process: this
/// takes as long as a group of checks.
class Pages {
  public:
    Pages();

    std::string directory() const { return directory_.path().string(); }
    const std::vector<std::pair<std::string, RunResult>>& runs() const { return runs_; }

  private:
    void write_one_of_each_run() const;
    void write_those_of_several_runs() const;

    test::TemporaryDirectory directory_;
    std::vector<std::pair<std::string, RunResult>> runs_ = runs_of_pages();
};

Pages::Pages() {
    write_one_of_each_run();
    write_those_of_several_runs();
}

void Pages::write_one_of_each_run() const {
    const HtmlOptions options{.title = {},
                              .code = {{"coroutine", "benches/strategies/coroutine.cpp",
                                        "// Comment.\n\nconst Response response = co_await "
                                        "session.get(ticket->url);\nreturn;\n",
                                        "A coroutine for each request on one loop."},
                                       {"sequential", "", "", "One request after another."}},
                              .code_version = "0.0.0-made-up"};
    for (const auto& [name, run] : runs_) {
        test::write_file(directory_.path() / (name + ".html"), html_report(run, options));
        test::write_file(directory_.path() / (name + ".json"), json_report(run));
    }
}

void Pages::write_those_of_several_runs() const {
    const RunResult several[] = {sample::clean_run(), sample::single_run()};
    test::write_file(directory_.path() / "several.html",
                     html_report(several, HtmlOptions{.title = "Two runs", .code = {}, .code_version = {}}));
    RunResult turned = sample::clean_run();
    std::reverse(turned.scenario.strategies.begin(), turned.scenario.strategies.end());
    const RunResult reversed[] = {sample::clean_run(), turned};
    test::write_file(directory_.path() / "reversed.html", html_report(reversed, {}));
}

/// What a page gave to download is what it was made with, bit for bit, however its browser compresses.
void expect_downloads_hold(const Pages& pages, int expected) {
    int downloads = 0;
    for (const auto& [name, run] : pages.runs()) {
        const std::filesystem::path file = pages.directory() + "/" + name + "-downloaded.json";
        if (!std::filesystem::exists(file)) continue;
        EXPECT_EQ(json_report(read_json_report(test::read_file(file))), json_report(as_on_the_page(run)))
            << name;
        std::filesystem::remove(file);
        ++downloads;
    }
    EXPECT_EQ(downloads, expected);
}

/// Groups of checks in a real browser, tests/reports/browser/checks/.
class InABrowser : public testing::TestWithParam<const char*> {};

TEST_P(InABrowser, TheReportsHold) {
    static const Pages pages;
    const std::string group = GetParam();
    const test::CommandResult result =
        test::run_command("node '" + test::source_dir() + "/tests/reports/browser/check_report.mjs' " +
                          pages.directory() + " " + group);
    EXPECT_EQ(result.status, 0) << result.output;
    expect_downloads_hold(pages, group == "choices" ? 3 : 0);
}

INSTANTIATE_TEST_SUITE_P(HtmlReport, InABrowser,
                         testing::Values("charts", "choices", "names", "outside", "page", "sound"),
                         [](const auto& group) { return std::string(group.param); });

}  // namespace asyncbench::pages_in_a_browser_tests
