#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <string>
#include <thread>

#include "async/errors.hpp"
#include "harness/http/transfer.hpp"
#include "harness/trial/child_process.hpp"
#include "tests/support/processes/processes.hpp"

namespace asyncbench::child_process_tests {

using namespace std::chrono_literals;
using test::eventually;
using test::has_ended;
using test::in;
using testing::HasSubstr;
using Wait = ChildProcess::Wait;

ChildProcess::Options shell(const std::string& script) {
    return {.command = {"/bin/sh", "-c", script}};
}

/// The line, or a text that no child writes.
std::string line_of(ChildProcess& child) {
    const auto read = child.read_line(in(20s));
    return read.outcome == Wait::line ? read.line : "<no line>";
}

class ChildProcessTest : public testing::Test {
  protected:
    // A child that does not read must not end the test by SIGPIPE, nor does it end the program.
    static void SetUpTestSuite() { initialize_curl(); }
};

TEST_F(ChildProcessTest, IsSpokenToByLines) {
    ChildProcess child(shell("while read line; do echo \"got $line\"; done; exit 7"));
    EXPECT_TRUE(child.write_line("one", in(20s)));
    EXPECT_TRUE(child.write_line("two three", in(20s)));
    EXPECT_EQ(line_of(child), "got one");
    EXPECT_EQ(line_of(child), "got two three");
    EXPECT_EQ(child.finish(in(20s)), "ended with status 7");
}

TEST_F(ChildProcessTest, GivesEachLineOfWhatWasWrittenAtOnce) {
    ChildProcess child(shell("printf 'a\\n\\nbc\\nrest'"));
    EXPECT_EQ(line_of(child), "a");
    EXPECT_EQ(line_of(child), "");
    EXPECT_EQ(line_of(child), "bc");
    EXPECT_EQ(child.read_line(in(20s)).outcome, Wait::end);  // a line without its end is none
}

TEST_F(ChildProcessTest, PutsALineTogetherThatComesInPieces) {
    ChildProcess child(shell("printf 'first '; sleep 0.02; printf 'second'; sleep 0.02; echo ' third'"));
    EXPECT_EQ(line_of(child), "first second third");
}

TEST_F(ChildProcessTest, GivesALineOfAMegabyteWhole) {
    ChildProcess child(shell("head -c 1000000 /dev/zero | tr '\\0' x; echo"));
    EXPECT_EQ(line_of(child), std::string(1'000'000, 'x'));
}

TEST_F(ChildProcessTest, TakesBytesThatAreNoText) {
    ChildProcess child(shell("printf '\\000\\377\\200\\n'"));
    EXPECT_EQ(line_of(child), std::string("\0\xff\x80", 3));
}

TEST_F(ChildProcessTest, RefusesALineWithoutEnd) {
    ChildProcess child(shell("exec cat /dev/zero"));
    EXPECT_EQ(child.read_line(in(60s)).outcome, Wait::too_long);
}

TEST_F(ChildProcessTest, TellsWhenNothingComesInTime) {
    ChildProcess child(shell("echo ready; exec sleep 1000"));
    EXPECT_EQ(line_of(child), "ready");
    const auto before = Clock::now();
    EXPECT_EQ(child.read_line(in(30ms)).outcome, Wait::timeout);
    EXPECT_GE(Clock::now() - before, 30ms);
    EXPECT_EQ(child.finish(in(10ms)), "did not end in time");
    EXPECT_TRUE(has_ended(child.pid()));
}

TEST_F(ChildProcessTest, TellsTheSignalThatEndedIt) {
    ChildProcess child(shell("kill -9 $$"));
    EXPECT_EQ(child.read_line(in(20s)).outcome, Wait::end);
    EXPECT_EQ(child.finish(in(20s)), "was ended by signal 9 (Killed)");
}

TEST_F(ChildProcessTest, TellsWhenItIsKilledFromOutside) {
    ChildProcess child(shell("echo ready; exec sleep 1000"));
    EXPECT_EQ(line_of(child), "ready");
    kill(child.pid(), SIGTERM);
    EXPECT_EQ(child.read_line(in(20s)).outcome, Wait::end);
    EXPECT_THAT(child.finish(in(20s)), HasSubstr("signal 15"));
}

TEST_F(ChildProcessTest, TellsThatItDoesNotReadAnyMore) {
    ChildProcess child(shell("exec <&-; echo closed; sleep 1000"));
    EXPECT_EQ(line_of(child), "closed");
    EXPECT_FALSE(child.write_line("go", in(20s)));
}

TEST_F(ChildProcessTest, TellsThatItDidNotReadALongLineInTime) {
    ChildProcess child(shell("echo started; exec sleep 1000"));
    EXPECT_EQ(line_of(child), "started");
    const std::string longer_than_a_pipe_holds(1 << 20, 'x');
    EXPECT_FALSE(child.write_line(longer_than_a_pipe_holds, in(30ms)));
    EXPECT_EQ(child.finish(in(0s)), "did not end in time");
}

TEST_F(ChildProcessTest, GetsALongLineWholeThoughItReadsLate) {
    ChildProcess child(shell("sleep 0.02; head -n 1 | wc -c"));
    EXPECT_TRUE(child.write_line(std::string(1'000'000, 'x'), in(20s)));
    EXPECT_THAT(line_of(child), HasSubstr("1000001"));
}

TEST_F(ChildProcessTest, TellsThatItClosedItsOutput) {
    ChildProcess child(shell("exec >&-; sleep 1000"));
    EXPECT_EQ(child.read_line(in(20s)).outcome, Wait::end);
}

TEST_F(ChildProcessTest, KeepsItsErrorsOutOfTheLines) {
    testing::internal::CaptureStderr();
    ChildProcess child(shell("echo 'a warning' >&2; echo line"));
    EXPECT_EQ(line_of(child), "line");
    child.finish(in(20s));
    EXPECT_EQ(testing::internal::GetCapturedStderr(), "a warning\n");
}

TEST_F(ChildProcessTest, EndsWithAllThatItStarted) {
    pid_t grandchild = 0;
    {
        ChildProcess child(shell("sleep 1000 & echo $!; wait"));
        grandchild = std::stoi(line_of(child));
        EXPECT_FALSE(has_ended(grandchild));
    }
    EXPECT_TRUE(eventually([&] { return has_ended(grandchild); }));
}

TEST_F(ChildProcessTest, LeavesNothingBehindThatEndedWell) {
    ChildProcess child(shell("sleep 1000 >/dev/null & echo $!"));
    const pid_t grandchild = std::stoi(line_of(child));
    EXPECT_EQ(child.finish(in(20s)), "ended with status 0");
    EXPECT_TRUE(eventually([&] { return has_ended(grandchild); }));
}

TEST_F(ChildProcessTest, EndsThoughItIgnoresSignals) {
    pid_t process = 0;
    {
        ChildProcess child(shell("trap '' INT TERM HUP; echo ready; while :; do sleep 1; done"));
        EXPECT_EQ(line_of(child), "ready");
        process = child.pid();
    }
    EXPECT_TRUE(has_ended(process));
}

TEST_F(ChildProcessTest, EndsThoughItLeftItsProcessGroup) {
    ChildProcess child({.command = {"/usr/bin/python3", "-c",
                                    "import os, time\n"
                                    "os.setpgid(0, os.getpgid(os.getppid()))\n"
                                    "print('ready', flush=True)\n"
                                    "time.sleep(1000)"}});
    EXPECT_EQ(line_of(child), "ready");
    EXPECT_EQ(child.finish(in(10ms)), "did not end in time");
    EXPECT_TRUE(has_ended(child.pid()));
}

TEST_F(ChildProcessTest, MayWriteMoreThanAPipeHoldsBeforeItsEnd) {
    ChildProcess child(shell("echo ready; yes | head -c 1000000"));
    EXPECT_EQ(line_of(child), "ready");
    EXPECT_EQ(child.finish(in(20s)), "ended with status 0");
    EXPECT_THAT(child.unread(), testing::StartsWith("y\ny\n"));
    EXPECT_EQ(child.unread().size(), std::size_t{64} << 10);
}

TEST_F(ChildProcessTest, IsWaitedForWithoutBeingToldOfOurEnd) {
    ChildProcess child(shell("trap 'echo asked; exit 7' TERM; echo ready; read line; echo told; sleep 1000"));
    EXPECT_EQ(line_of(child), "ready");
    EXPECT_FALSE(child.ends_before(in(30ms)));
    child.send(SIGTERM);
    EXPECT_TRUE(child.ends_before(in(20s)));
    EXPECT_EQ(child.finish(in(0s)), "ended with status 7");
    EXPECT_EQ(child.unread(), "asked\n");
    EXPECT_TRUE(child.ends_before(in(0s))) << "though it is reaped";
}

TEST_F(ChildProcessTest, EndsWithAllProcessGroupsThatAreKilled) {
    ChildProcess child(shell("echo ready; sleep 1000; true"));
    EXPECT_EQ(line_of(child), "ready");
    kill_process_groups();
    EXPECT_EQ(child.finish(in(20s)), "was ended by signal 9 (Killed)");
}

TEST_F(ChildProcessTest, IsAskedForItsEndMoreThanOnce) {
    ChildProcess child(shell("exit 3"));
    EXPECT_EQ(child.finish(in(20s)), "ended with status 3");
    EXPECT_EQ(child.finish(in(20s)), "ended with status 3");
}

TEST_F(ChildProcessTest, OfAProgramThatIsNotThereCannotBeStarted) {
    EXPECT_THAT([] { ChildProcess child({.command = {"/no/such/program"}}); },
                testing::ThrowsMessage<Error>(HasSubstr("'/no/such/program' could not be started")));
    EXPECT_THROW(ChildProcess({.command = {"/etc/passwd"}}), Error);
}

TEST_F(ChildProcessTest, HoldsNoPipeOfAnotherOpen) {
    ChildProcess reader({.command = {"cat"}});
    ChildProcess later(shell("exec sleep 1000"));
    // Ends when all hands that could write to it are closed.
    EXPECT_EQ(reader.finish(in(20s)), "ended with status 0");
}

TEST_F(ChildProcessTest, RunsOnTheProcessorsItIsPinnedTo) {
    ChildProcess child({.command = {"/bin/sh", "-c", "grep Cpus_allowed_list /proc/self/status"},
                        .cpu_first = 0,
                        .cpu_last = 0});
    EXPECT_THAT(line_of(child), testing::EndsWith("\t0"));
}

}  // namespace asyncbench::child_process_tests
