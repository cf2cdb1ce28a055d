#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <string.h>

#include "reports/report.hpp"
#include "tests/support/http/kept_server.hpp"
#include "tests/support/program/program.hpp"

namespace asyncbench::interruption_tests {

using test::children_with;
using test::eventually;
using test::Folder;
using test::has_ended;
using test::Outcome;
using test::Program;
using testing::HasSubstr;

/// Far more than a test waits for.
std::vector<std::string> long_run(std::vector<std::string> more, const std::string& repetitions = "2000") {
    std::vector<std::string> arguments{
        "run", "-s", "sequential,callback", "-c",       "2", "-d", "60ms", "--latency",
        "1ms", "-r", repetitions,           "--warmup", "0"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return arguments;
}

bool says(const Program& program, const std::string& text) {
    return eventually([&] { return program.err_so_far().find(text) != std::string::npos; });
}

class Interruption : public testing::TestWithParam<int> {};

TEST_P(Interruption, EndsTheRunAndWritesWhatThereIs) {
    const Folder folder;
    Program program(long_run({"--json", folder.path("r.json"), "--html", folder.path("r.html")}));
    ASSERT_TRUE(says(program, "Block 1 of 2000"));
    const auto targets = children_with(program.pid(), "target");
    EXPECT_EQ(targets.size(), 1U);
    program.send(GetParam());
    const Outcome outcome = program.wait();
    EXPECT_EQ(outcome.status, 130);
    EXPECT_THAT(outcome.err, HasSubstr("Interrupted"));
    EXPECT_THAT(outcome.out, HasSubstr("interrupted"));
    const RunResult result = read_json_report(test::read_file(folder.path("r.json")));
    EXPECT_TRUE(result.interrupted);
    EXPECT_GE(result.trials.size(), 2U);
    EXPECT_LT(result.trials.size(), 4000U);
    for (const Trial& trial : result.trials) EXPECT_EQ(trial.failure, "");
    EXPECT_THAT(test::read_file(folder.path("r.html")), HasSubstr("<html"));
    for (const pid_t target : targets) EXPECT_TRUE(eventually([&] { return has_ended(target); }));
}

INSTANTIATE_TEST_SUITE_P(Signals, Interruption, testing::Values(SIGINT, SIGTERM, SIGHUP),
                         [](const auto& made) { return std::string("Sig") + sigabbrev_np(made.param); });

TEST(InterruptionTest, LeavesARunAloneThatIsToOutliveItsTerminal) {
    Program program(long_run({}, "3"), {.shell_before = "trap '' HUP"});
    ASSERT_TRUE(says(program, "Block 1 of 3"));
    program.send(SIGHUP);
    const Outcome outcome = program.wait();
    EXPECT_TRUE(outcome.status == 0 || outcome.status == 4) << outcome.status;
    EXPECT_THAT(outcome.err, HasSubstr("Block 3 of 3"));
}

TEST(InterruptionTest, GivesUpATrialThatWouldTakeLong) {
    const Folder folder;
    Program program({"run", "-s", "sequential", "-c", "1", "-d", "1h", "-r", "1", "--warmup", "0", "--json",
                     folder.path("r.json")});
    ASSERT_TRUE(eventually([&] { return !children_with(program.pid(), "trial").empty(); }));
    const auto trials = children_with(program.pid(), "trial");
    program.send(SIGINT);
    EXPECT_EQ(program.wait().status, 130);
    const RunResult result = read_json_report(test::read_file(folder.path("r.json")));
    EXPECT_TRUE(result.interrupted);
    EXPECT_TRUE(result.trials.empty());
    for (const pid_t trial : trials) EXPECT_TRUE(eventually([&] { return has_ended(trial); }));
}

TEST(InterruptionTest, DoesNotWaitForATargetThatDoesNotAnswer) {
    const test::KeptServer server([](const test::KeptServer::Request&) { return std::nullopt; });
    const Folder folder;
    for (const char* command : {"run", "gate"}) {
        const std::size_t before = server.connections();
        std::vector<std::string> arguments{
            command, "--target",  server.url(), "-s",     "callback",           "-c",
            "2",     "--timeout", "600s",       "--json", folder.path("r.json")};
        if (std::string(command) == "gate")
            arguments.insert(arguments.end(), {"--base", "true", "--head", "true"});
        Program program(arguments);
        ASSERT_TRUE(eventually([&] { return server.connections() > before; }));
        program.send(SIGINT);
        const Outcome outcome = program.wait();
        EXPECT_EQ(outcome.status, 130) << outcome.err;
        EXPECT_THAT(outcome.err, HasSubstr("Interrupted"));
    }
}

TEST(InterruptionTest, ASecondOneEndsTheProgramAtOnce) {
    // Nobody reads its output, so that after the first it waits for room in the pipe.
    Program program(long_run({"--json", "-"}), {.read_output = false});
    ASSERT_TRUE(says(program, "Block 2 of 2000"));
    const auto targets = children_with(program.pid(), "target");
    program.send(SIGINT);
    ASSERT_TRUE(says(program, "Interrupted"));
    ASSERT_TRUE(eventually([&] { return children_with(program.pid(), "trial").empty(); }));
    program.send(SIGINT);
    const Outcome outcome = program.wait();
    EXPECT_EQ(outcome.status, 130);
    for (const pid_t target : targets) EXPECT_TRUE(eventually([&] { return has_ended(target); }));
}

TEST(InterruptionTest, AKilledRunLeavesNoProcessBehind) {
    Program program(long_run({}));
    ASSERT_TRUE(eventually([&] { return !children_with(program.pid(), "trial").empty(); }));
    auto children = children_with(program.pid(), "target");
    for (const pid_t trial : children_with(program.pid(), "trial")) children.push_back(trial);
    program.send(SIGKILL);
    EXPECT_EQ(program.wait().status, -1);
    for (const pid_t child : children) EXPECT_TRUE(eventually([&] { return has_ended(child); }));
}

}  // namespace asyncbench::interruption_tests
