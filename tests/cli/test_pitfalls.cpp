// `asyncbench pitfalls` as a user runs it.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/support/program/program.hpp"

namespace asyncbench::pitfalls_tests {

using test::Folder;
using test::Outcome;
using test::run_program;
using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

using Json = nlohmann::ordered_json;

/// Also on a busy machine.
void expect_done(const Outcome& outcome) {
    EXPECT_EQ(outcome.status, 0) << outcome.err;
}

TEST(PitfallsCommand, MeasuresTheNamedOnesAlone) {
    const Outcome outcome = run_program({"pitfalls", "forgotten-await", "lock-across-await", "-r", "1"});
    expect_done(outcome);
    EXPECT_THAT(outcome.out,
                AllOf(HasSubstr("forgotten-await: "), HasSubstr("lock-across-await: "),
                      HasSubstr("wrong: 200 of 200 requests were never sent."), HasSubstr("gave up")));
    EXPECT_THAT(outcome.out, AllOf(HasSubstr("wrong: never-awaited, 200 times: "),
                                   HasSubstr("wrong: blocking-call, "), HasSubstr("right: nothing.")));
    EXPECT_THAT(outcome.out, Not(HasSubstr("blocking-http")));
    EXPECT_THAT(outcome.err, HasSubstr("forgotten-await done"));
}

TEST(PitfallsCommand, WritesJsonAloneToStdout) {
    const Outcome outcome =
        run_program({"pitfalls", "async-to-sync-on-loop", "-r", "1", "--quiet", "--json", "-"});
    expect_done(outcome);
    EXPECT_THAT(outcome.err, IsEmpty());
    const Json document = Json::parse(outcome.out);
    EXPECT_EQ(document["schema"], "asyncbench.pitfalls/2");
    ASSERT_EQ(document["pitfalls"].size(), 1U);
    const Json& pitfall = document["pitfalls"][0];
    EXPECT_EQ(pitfall["result"]["trials"].size(), 3U);
    EXPECT_EQ(pitfall["diagnosed"]["trials"].size(), 3U);
    for (const Json& trial : pitfall["result"]["trials"]) {
        if (trial["strategy"] != "async-to-sync-on-loop:way=wrong") continue;
        EXPECT_EQ(trial["outcomes"][0]["code"], "error-raised");
        EXPECT_EQ(trial["outcomes"][0]["count"], 200);
        EXPECT_EQ(trial["metrics"]["throughput_rps"], 0);
        EXPECT_NE(trial["standing"], "wrong");
    }
}

TEST(PitfallsCommand, WritesBothDocumentsIntoADirectory) {
    const Folder folder;
    const Outcome outcome =
        run_program({"pitfalls", "forgotten-await", "-r", "1", "--quiet", "-o", folder.path("out")});
    expect_done(outcome);
    EXPECT_THAT(test::read_file(folder.path("out/pitfalls.json")), HasSubstr("\"asyncbench.pitfalls/2\""));
    EXPECT_THAT(test::read_file(folder.path("out/pitfalls.html")),
                AllOf(HasSubstr("Made, named, and never awaited."), HasSubstr("co_await")));
}

TEST(PitfallsCommand, NamesThePitfallsInItsHelp) {
    const Outcome outcome = run_program({"pitfalls", "--help"});
    EXPECT_EQ(outcome.status, 0);
    for (const char* name : {"blocking-http", "thread-sensitive-everything", "lost-exception"}) {
        EXPECT_THAT(outcome.out, HasSubstr(name));
    }
}

}  // namespace asyncbench::pitfalls_tests
