// What cannot be done is told in a sentence, with status 1, before or without losing what is done already.

#include <fcntl.h>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <thread>

#include "harness/http/blocking_session.hpp"
#include "reports/report.hpp"
#include "tests/support/program/program.hpp"

namespace asyncbench::failures_tests {

using test::children_with;
using test::eventually;
using test::Folder;
using test::measure;
using test::Measured;
using test::Outcome;
using test::Program;
using test::run_program;
using test::short_run;
using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

const std::vector<std::string> quick{"-s", "callback", "-c", "4", "-n", "40", "--latency", "1ms"};

std::vector<std::string> operator+(std::vector<std::string> left, const std::vector<std::string>& right) {
    left.insert(left.end(), right.begin(), right.end());
    return left;
}

/// The port that a target announces on its stdout.
int port_of(const Program& target) {
    const auto place = [&] { return target.out_so_far().find("\"port\":"); };
    EXPECT_TRUE(eventually([&] { return target.out_so_far().ends_with("\n"); }));
    return place() == std::string::npos ? 0 : std::stoi(target.out_so_far().substr(place() + 7));
}

TEST(TargetCommand, AnnouncesItselfAndServesUntilItIsTold) {
    for (const char* kind : {"mock", "blocking"}) {
        Program target({"target", kind, "--port", "0", "--latency", "1ms"});
        const int port = port_of(target);
        EXPECT_THAT(target.out_so_far(),
                    AllOf(testing::StartsWith("{\"event\":\"listening\""), HasSubstr(kind),
                          HasSubstr(fmt::format("\"pid\":{}", target.pid()))));
        BlockingSession session({});
        EXPECT_TRUE(session.get(fmt::format("http://127.0.0.1:{}/healthz", port)).ok());
        target.send(SIGINT);
        EXPECT_EQ(target.wait().status, 0);
    }
}

TEST(TargetCommand, TellsAPortThatIsTaken) {
    Program first({"target", "--port", "0"});
    const std::string port = std::to_string(port_of(first));
    for (const char* kind : {"mock", "blocking"}) {
        const Outcome outcome = run_program({"target", kind, "--port", port});
        EXPECT_EQ(outcome.status, 1);
        EXPECT_THAT(outcome.out, IsEmpty());
        EXPECT_THAT(outcome.err, AllOf(HasSubstr(port), HasSubstr("in use"), HasSubstr("port 0")));
    }
}

TEST(TargetCommand, TellsAnAddressThatIsNotThisMachines) {
    for (const char* address : {"203.0.113.9", "example.com", ""}) {
        const Outcome outcome = run_program({"target", "--port", "0", "--address", address});
        EXPECT_EQ(outcome.status, 1) << address;
        EXPECT_THAT(outcome.err, HasSubstr("cannot listen"));
    }
}

TEST(RunCommand, TellsAnUnreachableTargetAndLeavesNoFiles) {
    const Folder folder;
    const Outcome outcome =
        run_program(short_run({"-s", "callback", "-c", "4", "-n", "40", "--target", "http://127.0.0.1:1/x",
                               "--json", folder.path("r.json"), "--html", folder.path("r.html")}));
    EXPECT_EQ(outcome.status, 1);
    EXPECT_THAT(outcome.out, IsEmpty());
    EXPECT_THAT(outcome.err, AllOf(HasSubstr("http://127.0.0.1:1/x"), HasSubstr("does not answer")));
    EXPECT_FALSE(std::filesystem::exists(folder.path("r.json")));
    EXPECT_FALSE(std::filesystem::exists(folder.path("r.html")));
}

TEST(RunCommand, TellsWhyNothingWasMeasuredAndNoTableOfNothing) {
    const Outcome outcome = run_program(short_run({"-s", "exec:./nosuch", "-c", "4", "-n", "40"}));
    EXPECT_EQ(outcome.status, 1);
    EXPECT_THAT(outcome.out, AllOf(HasSubstr("status 127"), HasSubstr("Nothing that was measured")));
    EXPECT_THAT(outcome.out, Not(HasSubstr("throughput")));
}

TEST(RunCommand, RefusesToSayHowAForeignTargetAnswers) {
    const Outcome outcome =
        run_program(short_run(quick + std::vector<std::string>{"--target", "http://127.0.0.1:1/"}));
    EXPECT_EQ(outcome.status, 64);
    EXPECT_THAT(outcome.err, AllOf(HasSubstr("--latency"), HasSubstr("--target URL")));
}

TEST(RunCommand, TellsAnOutputThatCannotBeWrittenBeforeItMeasures) {
    const Folder folder;
    const std::string a_file = folder.write("file", "kept");
    const std::vector<std::vector<std::string>> outputs{{"--json", "/nonexistent/r.json"},
                                                        {"--html", folder.path("none/r.html")},
                                                        {"-o", "/proc/nope"},
                                                        {"-o", a_file},
                                                        {"--json", folder.path("")}};
    for (const auto& output : outputs) {
        // Were it measured first, it would be for an hour.
        const Outcome outcome = run_program(short_run(std::vector<std::string>{"-d", "1h"} + output));
        EXPECT_EQ(outcome.status, 1) << output.back();
        EXPECT_THAT(outcome.err, HasSubstr(output.back()));
        EXPECT_THAT(outcome.out, IsEmpty());
    }
    EXPECT_EQ(test::read_file(a_file), "kept");
}

TEST(RunCommand, DoesNotTouchAnOldResultBeforeItHasANewOne) {
    const Folder folder;
    const std::string old_result = folder.write("r.json", "old");
    EXPECT_EQ(run_program(
                  short_run({"-c", "4", "-n", "40", "--target", "http://127.0.0.1:1/", "--json", old_result}))
                  .status,
              1);
    EXPECT_EQ(test::read_file(old_result), "old");
}

TEST(RunCommand, WritesTheOtherOutputsWhereOneIsFull) {
    const Folder folder;
    const Outcome outcome = run_program(
        short_run(quick + std::vector<std::string>{"--json", "/dev/full", "--html", folder.path("r.html")}));
    EXPECT_EQ(outcome.status, 1);
    EXPECT_THAT(outcome.err, AllOf(HasSubstr("/dev/full cannot be written"), HasSubstr("Wrote")));
    EXPECT_THAT(outcome.out, HasSubstr("callback"));
    EXPECT_THAT(test::read_file(folder.path("r.html")), HasSubstr("<html"));
}

TEST(RunCommand, WritesItsFilesWhereStdoutIsFull) {
    const Folder folder;
    const Outcome outcome =
        run_program(short_run(quick + std::vector<std::string>{"--json", folder.path("r.json")}),
                    {.shell_before = "exec >/dev/full"});
    EXPECT_EQ(outcome.status, 1);
    EXPECT_THAT(outcome.err, HasSubstr("stdout"));
    EXPECT_EQ(read_json_report(test::read_file(folder.path("r.json"))).trials.size(), 1U);
}

TEST(ListCommand, TellsThatStdoutIsFull) {
    const Outcome outcome = run_program({"list", "targets"}, {.shell_before = "exec >/dev/full"});
    EXPECT_EQ(outcome.status, 1);
    EXPECT_THAT(outcome.err, HasSubstr("cannot be written"));
}

TEST(RunCommand, TellsTooFewDescriptorsAndHowToGetMore) {
    const Outcome outcome =
        run_program(short_run({"-c", "4,300", "-d", "1h"}), {.shell_before = "ulimit -n 200"});
    EXPECT_EQ(outcome.status, 1);
    EXPECT_THAT(outcome.err, AllOf(HasSubstr("300"), HasSubstr("200"), HasSubstr("ulimit")));
    EXPECT_THAT(outcome.out, IsEmpty());
}

TEST(RunCommand, UsesTheDescriptorsThatTheHardLimitAllows) {
    const Outcome outcome =
        run_program(short_run({"-s", "callback", "-c", "100", "-n", "100", "--latency", "1ms"}),
                    {.shell_before = "ulimit -Sn 50"});
    EXPECT_NE(outcome.status, 1) << outcome.err;
}

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
TEST(RunCommand, LosesNoMoreThanTheTrialWhoseThreadsTheSystemRefuses) {
    const Folder folder;
    // Room for some of the threads' stacks, of 8 MiB each.
    const Outcome outcome =
        run_program(short_run({"-s", "thread-per-request,thread-pool,callback", "-c", "400", "-n", "400",
                               "--latency", "100ms", "--json", folder.path("r.json")}),
                    {.shell_before = "ulimit -s 8192; ulimit -v 1500000"});
    const RunResult result = read_json_report(test::read_file(folder.path("r.json")));
    ASSERT_EQ(result.trials.size(), 3U) << outcome.err;
    for (const Trial& trial : result.trials) {
        if (trial.strategy_name() == "callback") {
            EXPECT_EQ(trial.failure, "");
        } else {
            EXPECT_THAT(trial.failure, AllOf(HasSubstr("The system g"), HasSubstr("ulimit")))
                << trial.strategy_name();
        }
    }
    EXPECT_EQ(outcome.status, 4);
}
#endif

TEST(ReportCommand, TellsAResultThatCannotBeRead) {
    const Folder folder;
    EXPECT_EQ(run_program({"report", "/nonexistent"}).status, 1);
    EXPECT_EQ(run_program({"report", "/tmp"}).status, 1);
    for (const char* text : {"", "{}", "not json", "[1]"}) {
        const std::string path = folder.write("r.json", text);
        const Outcome outcome = run_program({"report", path});
        EXPECT_EQ(outcome.status, 1) << text;
        EXPECT_THAT(outcome.err, HasSubstr(path));
        EXPECT_THAT(outcome.out, IsEmpty());
    }
}

TEST(RunCommand, KeepsTheOtherTrialsWhenOneIsKilledFromOutside) {
    const Folder folder;
    Program program({"run", "-s", "sequential,callback", "-c", "2", "-d", "400ms", "--latency", "1ms", "-r",
                     "2", "--warmup", "0", "--json", folder.path("r.json")});
    EXPECT_TRUE(eventually([&] { return !children_with(program.pid(), "trial").empty(); }));
    for (const pid_t child : children_with(program.pid(), "trial")) kill(child, SIGKILL);
    const Outcome outcome = program.wait();
    EXPECT_TRUE(outcome.status == 0 || outcome.status == 4) << outcome.err;
    EXPECT_THAT(outcome.err, AllOf(HasSubstr("Trial 1"), HasSubstr("is lost"), HasSubstr("signal 9")));
    EXPECT_THAT(outcome.out, HasSubstr("signal 9"));
    const RunResult result = read_json_report(test::read_file(folder.path("r.json")));
    ASSERT_EQ(result.trials.size(), 4U);
    EXPECT_THAT(result.trials[0].failure, HasSubstr("signal 9"));
    for (std::size_t i = 1; i < 4; ++i) {
        EXPECT_EQ(result.trials[i].failure, "");
        EXPECT_GT(result.trials[i].client.count, 0U);
    }
}

TEST(RunCommand, StartsATargetAgainThatIsKilledFromOutside) {
    const Folder folder;
    Program program({"run", "-s", "sequential,callback", "-c", "2", "-d", "400ms", "--latency", "1ms", "-r",
                     "2", "--warmup", "0", "--json", folder.path("r.json")});
    EXPECT_TRUE(eventually([&] { return !children_with(program.pid(), "trial").empty(); }));
    for (const pid_t child : children_with(program.pid(), "target")) kill(child, SIGKILL);
    const Outcome outcome = program.wait();
    EXPECT_TRUE(outcome.status == 0 || outcome.status == 4) << outcome.err;
    EXPECT_THAT(outcome.err, AllOf(HasSubstr("is lost"), HasSubstr("target")));
    const RunResult result = read_json_report(test::read_file(folder.path("r.json")));
    ASSERT_EQ(result.trials.size(), 4U);
    EXPECT_NE(result.trials[0].failure, "");
    for (std::size_t i = 1; i < 4; ++i) EXPECT_EQ(result.trials[i].failure, "");
}

TEST(RunCommand, FailsWhereNoTrialCouldBeMeasured) {
    const Measured measured = measure({"-s", "exec:exit 7", "-c", "2", "-n", "40"});
    EXPECT_EQ(measured.outcome.status, 1);
    EXPECT_THAT(measured.outcome.err, AllOf(HasSubstr("is lost"), HasSubstr("status 7")));
    EXPECT_EQ(measured.result.trials.size(), 1U);
    EXPECT_FALSE(measured.result.usable());
}

}  // namespace asyncbench::failures_tests
