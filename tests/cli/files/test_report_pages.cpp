#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "reports/report.hpp"
#include "tests/support/program/program.hpp"

namespace asyncbench::report_pages_tests {

using test::Folder;
using test::Outcome;
using test::ProgramOptions;
using test::run_program;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

/// A result without trials, of a scenario with this question.
std::string result_file(const Folder& folder, const std::string& name, const std::string& question) {
    RunResult run;
    run.scenario.question = question;
    return folder.write(name, json_report(run));
}

TEST(ReportPages, HoldSeveralResults) {
    const Folder folder;
    const std::string page = folder.path("both.html");
    const Outcome outcome = run_program({"report", result_file(folder, "a.json", "First?"),
                                         result_file(folder, "b.json", "Second?"), "-o", page});
    EXPECT_EQ(outcome.status, 0) << outcome.err;
    EXPECT_THAT(outcome.out, AllOf(HasSubstr("First?"), HasSubstr("Second?")));
    EXPECT_THAT(test::read_file(page), AllOf(HasSubstr("<h1>2 results</h1>"), HasSubstr("1. First?"),
                                             HasSubstr("2. Second?"), HasSubstr("id=\"run-2-json\"")));
}

TEST(ReportPages, SayWhatIsNoResult) {
    const Folder folder;
    const Outcome gate =
        run_program({"report", folder.write("gate.json", R"({"schema": "asyncbench.gate/2"})")});
    EXPECT_EQ(gate.status, 1);
    EXPECT_THAT(gate.err, HasSubstr("`asyncbench gate --html FILE`"));
    const Outcome directory = run_program({"report", folder.path("")});
    EXPECT_EQ(directory.status, 1);
    EXPECT_THAT(directory.err, HasSubstr("is a directory; name the result in it"));
}

TEST(ReportPages, OfSeveralResultsLeaveTheirJsonWhereItIs) {
    const Folder folder;
    const std::string a = result_file(folder, "a.json", "First?");
    const std::string b = result_file(folder, "b.json", "Second?");
    EXPECT_EQ(run_program({"report", a, b, "-o", folder.path("out")}).status, 0);
    EXPECT_TRUE(std::filesystem::exists(folder.path("out/report.html")));
    EXPECT_FALSE(std::filesystem::exists(folder.path("out/result.json")));
    EXPECT_EQ(run_program({"report", a, b, "--json", "-"}).status, 64);
}

TEST(ReportPages, TakeATitleAsText) {
    const Folder folder;
    const std::string page = folder.path("a.html");
    const Outcome outcome = run_program(
        {"report", result_file(folder, "a.json", "Why?"), "--html", page, "--title", "</title><b>Mine"});
    EXPECT_EQ(outcome.status, 0) << outcome.err;
    EXPECT_THAT(test::read_file(page), AllOf(HasSubstr("<h1>&lt;/title&gt;&lt;b&gt;Mine</h1>"),
                                             HasSubstr("<p>Why?</p>"), Not(HasSubstr("</title><b>"))));
}

TEST(ReportPages, AreOpenedOnlyWhereThereIsADisplay) {
    const Folder folder;
    const std::string result = result_file(folder, "a.json", "Why?");
    const std::string page = folder.path("a.html");
    const ProgramOptions no_display{.environment = {{"DISPLAY", ""}, {"WAYLAND_DISPLAY", ""}}};
    const Outcome outcome = run_program({"report", result, "--html", page, "--open"}, no_display);
    EXPECT_EQ(outcome.status, 1);
    EXPECT_THAT(outcome.err, HasSubstr("there is no display here"));
    EXPECT_TRUE(std::filesystem::exists(page)) << "what could not be opened is still written";
    EXPECT_EQ(run_program({"report", result, "--open"}).status, 64);
}

TEST(ReportPages, AreHandedToTheDesktop) {
    const Folder folder;
    const std::string opener = folder.write("xdg-open", "#!/bin/sh\nprintf %s \"$1\" > \"$0.opened\"\n");
    std::filesystem::permissions(opener, std::filesystem::perms::owner_all);
    const std::string page = folder.path("a.html");
    const ProgramOptions desktop{
        .environment = {{"DISPLAY", ":0"}, {"PATH", folder.path("") + ":/usr/bin:/bin"}}};
    const Outcome outcome =
        run_program({"report", result_file(folder, "a.json", "Why?"), "--html", page, "--open"}, desktop);
    EXPECT_EQ(outcome.status, 0) << outcome.err;
    EXPECT_EQ(test::read_file(opener + ".opened"), page);
}

}  // namespace asyncbench::report_pages_tests
