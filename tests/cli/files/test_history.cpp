// `asyncbench history` from outside, on results that were not measured but made here.

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "analysis/summary.hpp"
#include "reports/report.hpp"
#include "tests/support/program/program.hpp"

namespace asyncbench::history_tests {

using test::Folder;
using test::Outcome;
using test::run_program;
using testing::AllOf;
using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

/// A result file of day `day`: MADE UP, nobody measured these numbers.
std::string result_file(const Folder& folder, int day, double p50_ns, const std::string& failure = "") {
    RunResult run;
    run.tool_version = "1.0.0";
    run.command = "asyncbench run";
    run.started_utc = fmt::format("2026-03-{:02}T12:00:00Z", day);
    run.scenario.strategies = {StrategySpec::parse("coroutine")};
    run.scenario.concurrency = {64};
    for (std::uint32_t repetition = 0; repetition < 5; ++repetition) {
        Trial trial;
        trial.spec.trial = fmt::format("trial-{}", repetition);
        trial.spec.strategy = run.scenario.strategies[0];
        trial.spec.plan.concurrency = 64;
        trial.repetition = trial.order = repetition;
        trial.started_utc = run.started_utc;
        trial.failure = failure;
        if (failure.empty()) {
            trial.metrics["service_p50_ns"] = {p50_ns + (repetition - 2.0) * 5e4, ""};
            for (std::uint64_t id = 0; id < least_answers_in_cell; ++id) trial.client.add(id);
        }
        run.trials.push_back(trial);
    }
    run.summary = summarize(run.scenario, run.trials);
    return folder.write(fmt::format("result-{}.json", day), json_report(run));
}

class History : public testing::Test {
  protected:
    Outcome history(std::vector<std::string> arguments) const {
        arguments.insert(arguments.begin(), "history");
        arguments.insert(arguments.end(), {"--db", database()});
        return run_program(arguments);
    }
    std::string database() const { return folder_.path("history.db"); }

    void add_fourteen_days() const {
        std::vector<std::string> arguments{"add", "--commit", "c"};
        for (int day = 1; day <= 14; ++day) {
            arguments.push_back(result_file(folder_, day, (day < 8 ? 20e6 : 23e6) + day % 3 * 1e5));
        }
        ASSERT_EQ(history(arguments).status, 0);
    }

    Folder folder_;
};

TEST_F(History, ShowsWhatWasAdded) {
    const Outcome added = history({"add", result_file(folder_, 1, 20e6), "--commit", "0123456789abcdef"});
    EXPECT_EQ(added.status, 0);
    EXPECT_THAT(added.out, IsEmpty());
    EXPECT_THAT(added.err, HasSubstr("added to " + database()));
    const Outcome shown = history({"show"});
    EXPECT_EQ(shown.status, 0);
    EXPECT_THAT(shown.err, IsEmpty());
    EXPECT_THAT(shown.out, AllOf(HasSubstr("coroutine at 64, service p50"), HasSubstr("2026-03-01T12:00:00Z"),
                                 HasSubstr("0123456789a"), HasSubstr("20.0 ms [19.9–20.1]")));
}

TEST_F(History, MarksWhereALevelChanged) {
    add_fourteen_days();
    const Outcome shown = history({"show", "--subject", "coroutine", "--metric", "p50"});
    EXPECT_EQ(shown.status, 0);
    const auto change = shown.out.find("changed from 20.1 ms to 23.1 ms, +15.0 %: worse");
    ASSERT_NE(change, std::string::npos) << shown.out;
    EXPECT_GT(change, shown.out.find("03-07T"));
    EXPECT_LT(change, shown.out.find("03-08T"));
    const Outcome last = history({"show", "--last", "3"});
    EXPECT_THAT(last.out, AllOf(Not(HasSubstr("03-11T")), HasSubstr("03-12T"), HasSubstr("ten runs")));
}

TEST_F(History, TakesAMeasurementOnce) {
    const std::string file = result_file(folder_, 1, 20e6);
    history({"add", file});
    const Outcome again = history({"add", file, "--commit", "another"});
    EXPECT_EQ(again.status, 0);
    EXPECT_THAT(again.err, HasSubstr("already in"));
    EXPECT_THAT(history({"show"}).out, Not(HasSubstr("another")));
}

TEST_F(History, TakesTheTimeThatIsGiven) {
    history({"add", result_file(folder_, 1, 20e6), "--time", "2026-04-01T01:00:00+02:00"});
    EXPECT_THAT(history({"show"}).out, HasSubstr("2026-03-31T23:00:00Z"));
}

TEST_F(History, TakesTheCommitOfTheWorkTree) {
    const std::string tree = folder_.path("tree");
    ASSERT_EQ(std::system(fmt::format("git init -q {0} && git -C {0} -c user.name=n -c user.email=e@e "
                                      "commit -q --allow-empty -m m",
                                      tree)
                              .c_str()),
              0);
    const std::string file = result_file(folder_, 1, 20e6);
    const auto add_in = [&](const std::string& directory, const std::string& name) {
        const Outcome added = run_program({"history", "add", file, "--db", folder_.path(name)},
                                          {.shell_before = "cd " + directory});
        EXPECT_EQ(added.status, 0) << added.err;
        return run_program({"history", "export", "--otava", "-", "--db", folder_.path(name)}).out;
    };
    EXPECT_THAT(add_in(tree, "a.db"), testing::ContainsRegex("Z,[0-9a-f]{40},20000000"));
    std::filesystem::create_directory(folder_.path("plain"));
    EXPECT_THAT(add_in(folder_.path("plain"), "b.db"), HasSubstr("Z,,20000000"));
}

TEST_F(History, SaysSoWhereGitDoesNotKnowTheCommit) {
    const std::string tree = folder_.path("tree");
    std::filesystem::create_directories(tree + "/.git");
    const Outcome added = run_program({"history", "add", result_file(folder_, 1, 20e6), "--db", database()},
                                      {.shell_before = "cd " + tree});
    EXPECT_EQ(added.status, 0);
    EXPECT_THAT(added.err, AllOf(HasSubstr("is not known"), HasSubstr("--commit")));
}

TEST_F(History, LeavesOutWhatIsNotValid) {
    const Outcome added = history({"add", result_file(folder_, 1, 20e6, "made to fail")});
    EXPECT_EQ(added.status, 4);
    EXPECT_THAT(added.err, AllOf(HasSubstr("coroutine at 64 is left out"), HasSubstr("nothing was added")));
    EXPECT_FALSE(std::filesystem::exists(database()));
}

TEST_F(History, AddsNothingWhereAFileCannotBeRead) {
    const Outcome added = history({"add", result_file(folder_, 1, 20e6), folder_.path("missing.json")});
    EXPECT_EQ(added.status, 1);
    EXPECT_THAT(added.err, HasSubstr("missing.json"));
    EXPECT_FALSE(std::filesystem::exists(database()));
    EXPECT_EQ(history({"add", folder_.write("broken.json", "{")}).status, 1);
}

TEST_F(History, ExportsForOtava) {
    add_fourteen_days();
    const Outcome written = history({"export", "--otava", folder_.path("otava.csv"), "--last", "2"});
    EXPECT_EQ(written.status, 0);
    EXPECT_EQ(test::read_file(folder_.path("otava.csv")),
              "time,commit,coroutine at 64 service_p50_ns\n"
              "2026-03-13T12:00:00Z,c,23100000\n"
              "2026-03-14T12:00:00Z,c,23200000\n");
    EXPECT_THAT(history({"export", "--otava", "-"}).out, StartsWith("time,commit,"));
    const Outcome unwritable = history({"export", "--otava", folder_.path("no/such/folder.csv")});
    EXPECT_EQ(unwritable.status, 1);
    EXPECT_THAT(unwritable.err, HasSubstr("folder.csv"));
}

TEST_F(History, TellsInASentenceWhatItCannotDo) {
    const std::string file = result_file(folder_, 1, 20e6);
    const Outcome missing = history({"show"});
    EXPECT_EQ(missing.status, 1);
    EXPECT_THAT(missing.err, AllOf(HasSubstr("no history"), EndsWith(".\n")));
    const Outcome foreign = run_program({"history", "show", "--db", file});
    EXPECT_EQ(foreign.status, 1);
    EXPECT_THAT(foreign.err, HasSubstr("no SQLite database"));
    const std::string text = test::read_file(file);
    EXPECT_EQ(run_program({"history", "add", file, "--db", file}).status, 1);
    EXPECT_EQ(test::read_file(file), text);
}

TEST_F(History, RefusesWrongUsage) {
    const std::string file = result_file(folder_, 1, 20e6);
    ASSERT_EQ(history({"add", file}).status, 0);
    const std::vector<std::pair<std::vector<std::string>, std::string>> wrong{
        {{"add"}, "results"},
        {{"add", file, "--time", "noon"}, "noon"},
        {{"add", file, "--time", "2026-01-01T00:00:00+99:00"}, "+99:00"},
        {{"add", file, "--time", ""}, "--time was given without a value"},
        {{"add", file, "--commit", ""}, "--commit was given without a value"},
        {{"add", file, "--commit", "a\nb"}, "names no commit"},
        {{"add", file, "--commit", std::string(201, 'a')}, "up to 200 bytes"},
        {{"show", "--last", "0"}, "--last: Value 0 not in range 1 to 1000000"},
        {{"show", "--metric", "speed"}, "speed"},
        {{"show", "--subject", "nobody"}, "coroutine at 64"},
        {{"export"}, "--otava"},
        {{"export", "--otava", database()}, "would be written over"},
        {{"export", "--otava", "-", "--metric", "p99"}, "coroutine at 64"}};
    for (const auto& [arguments, names] : wrong) {
        const Outcome outcome = history(arguments);
        EXPECT_EQ(outcome.status, 64) << arguments[0];
        EXPECT_THAT(outcome.err, HasSubstr(names));
        EXPECT_THAT(outcome.out, IsEmpty());
    }
    EXPECT_EQ(run_program({"history"}).status, 64);
}

}  // namespace asyncbench::history_tests
