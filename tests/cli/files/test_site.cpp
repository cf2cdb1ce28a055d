// `report --site`: a directory that keeps many runs.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <functional>
#include <map>
#include <memory>

#include "cli/site/site.hpp"
#include "reports/report.hpp"
#include "tests/support/paths/paths.hpp"
#include "tests/support/program/program.hpp"

namespace asyncbench::site_tests {

namespace fs = std::filesystem;
using test::Folder;
using test::Outcome;
using test::read_file;
using test::run_program;
using testing::HasSubstr;
using testing::Not;

constexpr const char* hostile =
    "</script><script>window.hostile=1</script><img src=x onerror=\"window.hostile=1\">";

/// Each file below the directory with its text.
std::map<std::string, std::string> files_in(const std::string& directory) {
    std::map<std::string, std::string> files;
    for (const auto& entry : fs::recursive_directory_iterator(directory)) {
        if (entry.is_regular_file()) {
            files[fs::relative(entry.path(), directory).string()] = read_file(entry.path().string());
        }
    }
    return files;
}

class SiteTest : public testing::Test {
  protected:
    static void SetUpTestSuite() {
        results_ = std::make_unique<Folder>();
        run_program(test::short_run({"-s", "callback,coroutine", "-c", "4,8", "-n", "40", "--latency", "1ms",
                                     "--json", result("first")}));
        RunResult other = read_json_report(read_file(result("first")));
        other.started_utc = "2031-02-03T04:05:06Z";
        other.scenario.name = "second";
        other.scenario.question = hostile;
        results_->write("second.json", json_report(other));
    }
    static void TearDownTestSuite() { results_.reset(); }

    static std::string result(const std::string& name) { return results_->path(name + ".json"); }
    Outcome add(std::vector<std::string> results) const {
        results.insert(results.begin(), {"report", "--site", site()});
        return run_program(results);
    }
    std::string site() const { return folder_.path("site"); }
    std::string index() const { return read_file(site() + "/index.html"); }

    Folder folder_;

  private:
    static std::unique_ptr<Folder> results_;
};

std::unique_ptr<Folder> SiteTest::results_;

TEST_F(SiteTest, KeepsEachRunWithItsResultAndSharesWhatPagesLoad) {
    EXPECT_EQ(add({result("first")}).status, 0);
    const Outcome second = add({result("second")});
    EXPECT_EQ(second.status, 0);
    EXPECT_EQ(second.out, "");
    const auto files = files_in(site());
    EXPECT_EQ(files.size(), 7U);  // index, style, script, two pages and two results
    for (const auto& [path, text] : files) {
        if (path.ends_with("result.json")) {
            EXPECT_TRUE(text == read_file(result("first")) || text == read_file(result("second"))) << path;
        }
        if (path.starts_with("runs/") && path.ends_with(".html")) {
            EXPECT_LT(text.size(), 300'000U) << "Vega is not in each page";
            EXPECT_THAT(text, HasSubstr("<script src=\"../../assets/"));
        }
    }
}

TEST_F(SiteTest, ListsTheNewestFirst) {
    add({result("first"), result("second")});
    const std::string text = index();
    EXPECT_THAT(text, HasSubstr("2 runs, newest first"));
    EXPECT_LT(text.find("2031-02-03T04:05:06Z"),
              text.find(read_json_report(read_file(result("first"))).started_utc));
}

TEST_F(SiteTest, IsTheSameHoweverOftenARunIsAdded) {
    add({result("first"), result("second")});
    const auto once = files_in(site());
    EXPECT_EQ(add({result("second")}).status, 0);
    EXPECT_EQ(add({result("first"), result("first")}).status, 0);
    EXPECT_EQ(files_in(site()), once);
}

TEST(SiteName, IsOfWhatWasMeasuredAndNotOfHowItIsWritten) {
    RunResult run;
    run.started_utc = "2031-02-03T04:05:06Z";
    run.scenario.name = "two words/../x";
    Trial& trial = run.trials.emplace_back();
    trial.spec.strategy = StrategySpec::parse("coroutine");
    trial.spec.plan.concurrency = 64;
    trial.started_utc = "2031-02-03T04:05:07Z";
    trial.metrics["throughput_rps"] = {1234.5, {}};
    trial.metrics["elapsed_ns"] = {2e9, {}};
    // Sites hold directories of such names: no later version may give another one.
    const std::string name = "2031-02-03T04-05-06Z-two-words-x-5403de74";
    EXPECT_EQ(site_name(run), name);
    RunResult rewritten = run;
    rewritten.command = "asyncbench run --a-flag-of-a-later-version";
    rewritten.scenario.question = "Another question?";
    rewritten.trials[0].metrics["a_later_metric"] = {1, {}};
    rewritten.trials[0].warnings.push_back({"later", "A later warning.", WarningKind::note});
    rewritten.warnings.push_back({"later", "A later warning.", WarningKind::note});
    EXPECT_EQ(site_name(rewritten), name);
    for (const auto& change : std::vector<std::function<void(RunResult&)>>{
             [](RunResult& each) { each.started_utc = "2031-02-03T04:05:07Z"; },
             [](RunResult& each) { each.trials[0].started_utc = "2031-02-03T04:05:08Z"; },
             [](RunResult& each) { each.trials[0].metrics["throughput_rps"] = {1234.6, {}}; },
             [](RunResult& each) { each.trials[0].client.add(1); },
             [](RunResult& each) { each.trials.push_back(each.trials[0]); }}) {
        RunResult other = run;
        change(other);
        EXPECT_NE(site_name(other), name);
    }
}

TEST_F(SiteTest, MakesTheIndexAndMissingPagesOfWhatLiesThere) {
    add({result("first"), result("second")});
    const auto whole = files_in(site());
    for (const auto& [path, text] : whole) {
        if (path.ends_with("index.html")) fs::remove(site() + "/" + path);
    }
    EXPECT_EQ(add({}).status, 0);
    EXPECT_EQ(files_in(site()), whole);
    for (const auto& [path, text] : whole) {
        if (text == read_file(result("second"))) fs::remove_all(fs::path(site() + "/" + path).parent_path());
    }
    EXPECT_EQ(add({}).status, 0);
    EXPECT_THAT(index(), HasSubstr("1 run, newest first"));
}

TEST_F(SiteTest, LeavesForeignFilesAlone) {
    fs::create_directories(site() + "/runs/notes");
    fs::create_directories(site() + "/runs/a b&<c>");
    for (const char* name : {"/CNAME", "/runs/notes/text.txt", "/runs/a b&<c>/result.json"}) {
        folder_.write(std::string("site") + name, "mine");
    }
    fs::create_directories(site() + "/runs/broken");
    folder_.write("site/runs/broken/result.json", "{");
    const Outcome outcome = add({result("first")});
    EXPECT_EQ(outcome.status, 0);
    EXPECT_THAT(outcome.err, HasSubstr("runs/broken/result.json is not in the index: "));
    EXPECT_THAT(index(), HasSubstr("1 run, newest first"));
    for (const char* name : {"/CNAME", "/runs/notes/text.txt", "/runs/a b&<c>/result.json"}) {
        EXPECT_EQ(read_file(site() + name), "mine");
    }
}

TEST_F(SiteTest, OverwritesNoIndexOfSomebodyElse) {
    fs::create_directories(site());
    folder_.write("site/index.html", "<h1>My garden</h1>");
    const Outcome outcome = add({result("first")});
    EXPECT_EQ(outcome.status, 1);
    EXPECT_THAT(outcome.err, HasSubstr("is not an index that asyncbench made"));
    EXPECT_EQ(files_in(site()).size(), 1U);
}

TEST_F(SiteTest, SaysWhatIsMissingOrInTheWay) {
    EXPECT_EQ(run_program({"report"}).status, 64);
    const Outcome outcome = run_program({"report", "--site", "/dev/null/site", result("first")});
    EXPECT_EQ(outcome.status, 1);
    EXPECT_THAT(outcome.err, HasSubstr("cannot be made"));
}

TEST_F(SiteTest, LetsNoTextBecomeMarkup) {
    add({result("second")});
    EXPECT_THAT(index(), Not(HasSubstr("<script")));
    EXPECT_THAT(index(), Not(HasSubstr("<img")));
    EXPECT_THAT(index(), HasSubstr("&lt;/script&gt;&lt;script&gt;window.hostile=1"));
}

TEST_F(SiteTest, HoldsInABrowser) {
    add({result("first"), result("second")});
    const Outcome browser = test::run_shell(
        fmt::format("node '{}/tests/cli/browser/check_site.mjs' {}", test::source_dir(), site()));
    EXPECT_EQ(browser.status, 0) << browser.out;
}

}  // namespace asyncbench::site_tests
