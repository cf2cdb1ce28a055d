// `report --format`: a result for other programs and places.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <memory>

#include "analysis/summary.hpp"
#include "reports/report.hpp"
#include "tests/support/paths/paths.hpp"
#include "tests/support/program/program.hpp"

namespace asyncbench::report_formats_tests {

using test::Folder;
using test::Outcome;
using test::run_program;
using test::short_run;
using testing::HasSubstr;
using testing::StartsWith;

/// Without what a busy machine says against its trials.
RunResult as_on_a_quiet_machine(RunResult run) {
    for (Trial& trial : run.trials) trial.warnings.clear();
    run.summary = summarize(run.scenario, run.trials);
    run.comparisons = compare_with_first(run.summary, run.trials);
    return run;
}

class ReportFormats : public testing::Test {
  protected:
    static void SetUpTestSuite() {
        folder_ = std::make_unique<Folder>();
        run_program(short_run(
            {"-s", "callback,coroutine", "-c", "4", "-n", "40", "--latency", "1ms", "--json", result()}));
        const RunResult run = read_json_report(test::read_file(result()));
        folder_->write("result.json", json_report(as_on_a_quiet_machine(run)));
    }
    static void TearDownTestSuite() { folder_.reset(); }

    static std::string result() { return folder_->path("result.json"); }
    static Outcome report(std::vector<std::string> arguments) {
        arguments.insert(arguments.begin(), "report");
        return run_program(arguments);
    }

    static std::unique_ptr<Folder> folder_;
};

std::unique_ptr<Folder> ReportFormats::folder_;

TEST_F(ReportFormats, GoToStdout) {
    const std::pair<const char*, const char*> begins[] = {{"markdown", "### "},
                                                          {"csv", "scenario,"},
                                                          {"json", "{"},
                                                          {"benchfmt", "scenario: "},
                                                          {"hgrm", "#["}};
    for (const auto& [format, begin] : begins) {
        const Outcome outcome = report({result(), "--format", format});
        EXPECT_EQ(outcome.status, 0) << format;
        EXPECT_THAT(outcome.out, StartsWith(begin));
        EXPECT_EQ(outcome.err, "");
    }
    EXPECT_EQ(report({result(), "--format", "json"}).out, test::read_file(result()));
    EXPECT_THAT(report({result(), "--format", "csv", "--trials"}).out, HasSubstr(",repetition,"));
}

TEST_F(ReportFormats, GoToAFileOrADirectoryOfTables) {
    const std::string comment = folder_->path("comment.md");
    EXPECT_EQ(report({result(), "--format", "markdown", "-o", comment}).out, "");
    EXPECT_EQ(test::read_file(comment), report({result(), "--format", "markdown"}).out);
    const std::string tables = folder_->path("tables");
    EXPECT_EQ(report({result(), "--format", "hgrm", "-o", tables}).status, 0);
    EXPECT_THAT(test::read_file(tables + "/coroutine-at-4-service.hgrm"),
                StartsWith("       Value     Percentile"));
    const std::filesystem::directory_iterator files(tables);
    EXPECT_EQ(std::distance(begin(files), end(files)), 4);
}

TEST_F(ReportFormats, TakeSeveralResults) {
    const Outcome both = report({result(), result(), "--format", "json"});
    const std::string one = test::read_file(result());
    EXPECT_EQ(both.out, "[\n" + one + ",\n" + one + "]\n");
    const std::string markdown = report({result(), "--format", "markdown"}).out;
    EXPECT_EQ(report({result(), result(), "--format", "markdown"}).out, markdown + "\n" + markdown);
}

TEST_F(ReportFormats, RefuseFlagsThatWouldBeForgotten) {
    const std::string other = folder_->path("other");
    const std::vector<std::string> pairs[] = {
        {"--format", "csv", "--json", other}, {"--format", "csv", "--html", other},
        {"--format", "csv", "--open"},        {"--format", "csv", "--title", "T"},
        {"--format", "csv", "--site", other}, {"--site", other, "-o", other + ".html"},
        {"--site", other, "--json", other},   {"--title", "T"},
        {"--title", "T", "--json", other},    {"--trials"}};
    for (std::vector<std::string> flags : pairs) {
        flags.push_back(result());
        const Outcome outcome = report(flags);
        EXPECT_EQ(outcome.status, 64) << testing::PrintToString(flags);
        EXPECT_FALSE(std::filesystem::exists(other)) << outcome.err;
    }
}

TEST_F(ReportFormats, SayWhatATitleIsFor) {
    const Outcome outcome = report({result(), "--title", "Before and after"});
    EXPECT_EQ(outcome.out, "");
    EXPECT_THAT(outcome.err, HasSubstr("--title heads the HTML report that -o, --html or --site writes"));
    EXPECT_EQ(report({result(), "--title", "T", "--html", "-"}).status, 0);
}

TEST_F(ReportFormats, MakeNoDirectoryOfADash) {
    const std::string program = test::asyncbench_program();
    const auto in_folder = [&](const std::string& command) {
        return test::run_shell("cd '" + folder_->path("") + "' && '" + program + "' " + command);
    };
    for (const char* command : {"report result.json -o -", "run -o -", "pitfalls -o -"}) {
        const Outcome outcome = in_folder(command);
        EXPECT_EQ(outcome.status, 64) << command;
        EXPECT_THAT(outcome.out, HasSubstr("--json - or --html - write that document to stdout."));
        EXPECT_FALSE(std::filesystem::exists(folder_->path("-"))) << command;
    }
    EXPECT_THAT(in_folder("report result.json --format csv -o -").out, StartsWith("scenario,"));
}

TEST_F(ReportFormats, LetNoTextSteerTheTerminal) {
    RunResult run = read_json_report(test::read_file(result()));
    const std::string evil = "\x1b]0;x\x07\u202e";
    run.started_utc = run.scenario.name = run.scenario.question = run.command = run.tool_version = evil;
    for (Trial& trial : run.trials) trial.started_utc = evil;
    run.warnings.push_back({"evil", evil, WarningKind::note});
    const std::string hostile = folder_->write("hostile.json", json_report(run));
    for (const char* format : {"markdown", "csv", "benchfmt", "hgrm"}) {
        const Outcome outcome = report({hostile, "--format", format});
        EXPECT_EQ(outcome.status, 0) << format;
        for (const char* steering : {"\x1b", "\x07", "\u202e"}) {
            EXPECT_EQ(outcome.out.find(steering), std::string::npos) << format;
        }
    }
    EXPECT_THAT(report({hostile, "--format", "hgrm"}).out, HasSubstr(" of \\x1b]0;x\\x07\\u202e]"));
}

TEST_F(ReportFormats, ComplainWithoutSteeringTheTerminal) {
    std::string text = test::read_file(result());
    const auto summary = text.find("\"summary\"");
    const std::string field = "\"strategy\": \"";
    const auto name = text.find(field, summary);
    ASSERT_NE(name, std::string::npos);
    text.insert(name + field.size(), "\\u001b]0;x\\u0007");
    const Outcome outcome = report({folder_->write("evil.json", text)});
    EXPECT_EQ(outcome.status, 1);
    EXPECT_THAT(outcome.err, testing::AllOf(HasSubstr("\\x1b]0;x\\x07"), testing::Not(HasSubstr("\x1b")),
                                            testing::Not(HasSubstr("\x07"))));
    std::filesystem::create_directories(folder_->path("site/runs/evil"));
    folder_->write("site/runs/evil/result.json", text);
    const Outcome site = report({"--site", folder_->path("site")});
    EXPECT_EQ(site.status, 0) << site.err;
    EXPECT_THAT(site.err, testing::AllOf(HasSubstr("is not in the index: "), HasSubstr("\\x1b]0;x\\x07"),
                                         testing::Not(HasSubstr("\x1b"))));
}

TEST_F(ReportFormats, AreNamedWhereThereIsNoSuchOne) {
    const Outcome unknown = report({result(), "--format", "docx"});
    EXPECT_EQ(unknown.status, 64);
    EXPECT_THAT(unknown.err, HasSubstr("benchfmt"));
    const Outcome trials = report({result(), "--format", "markdown", "--trials"});
    EXPECT_EQ(trials.status, 64);
    EXPECT_THAT(trials.err, HasSubstr("--trials belongs to --format csv."));
    const Outcome seconds = report({result(), "--format", "csv", "--seconds"});
    EXPECT_EQ(seconds.status, 1);
    EXPECT_THAT(seconds.err, HasSubstr("is of no load"));
    const Outcome nowhere = report({result(), "--format", "csv", "-o", "/dev/null/x"});
    EXPECT_EQ(nowhere.status, 1);
    EXPECT_THAT(nowhere.err, HasSubstr("cannot be written"));
}

}  // namespace asyncbench::report_formats_tests
