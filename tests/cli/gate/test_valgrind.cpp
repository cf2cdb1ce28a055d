#include <gtest/gtest.h>

#include <cstdlib>

#include "cli/gate/valgrind.hpp"
#include "harness/trial/child_process.hpp"

namespace asyncbench::valgrind_tests {

TimePoint in_a_minute() {
    return steady_now() + std::chrono::minutes{1};
}

std::uint64_t count(const std::string& command) {
    const ValgrindRun run(*find_valgrind());
    ChildProcess({.command = run.wrap({"/bin/sh", "-c", command})}).finish(in_a_minute());
    return run.instructions().value_or(0);
}

TEST(Valgrind, LogTellsTheCountInItsLastLines) {
    EXPECT_EQ(instructions_in_log("==7== Events    : Ir\n==7== Collected : 25212643\n==7== \n"), 25212643U);
    EXPECT_EQ(instructions_in_log("==7== Collected : \n"), std::nullopt);
    EXPECT_EQ(instructions_in_log("==7== Process terminating with signal 4\n"), std::nullopt);
    EXPECT_EQ(instructions_in_log(""), std::nullopt);
}

TEST(Valgrind, IsLookedForInThePath) {
    const std::string path = std::getenv("PATH");
    setenv("PATH", "/nowhere::/", 1);
    EXPECT_EQ(find_valgrind(), std::nullopt);
    setenv("PATH", path.c_str(), 1);
}

class ValgrindCounts : public ::testing::Test {
  protected:
    void SetUp() override {
        if (!find_valgrind()) GTEST_SKIP() << "valgrind is not installed";
    }
};

TEST_F(ValgrindCounts, TheSameForTheSameWorkAndMoreForMore) {
    const std::uint64_t once = count("i=0; while [ $i -lt 1000 ]; do i=$((i+1)); done");
    const std::uint64_t again = count("i=0; while [ $i -lt 1000 ]; do i=$((i+1)); done");
    const std::uint64_t twice = count("i=0; while [ $i -lt 2000 ]; do i=$((i+1)); done");
    EXPECT_GT(once, 100'000U);
    EXPECT_NEAR(static_cast<double>(again) / static_cast<double>(once), 1, 0.01);
    EXPECT_GT(twice, once + once / 4);
}

TEST_F(ValgrindCounts, TheProgramAndNotTheShellThatWaitsForIt) {
    // A shell looks its names up among those of its environment, which differs; the one that waits alone
    // would be a hundredth.
    const std::uint64_t alone = count("i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done");
    const std::uint64_t waited_for =
        count("/bin/sh -c 'i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done'; true");
    EXPECT_NEAR(static_cast<double>(waited_for) / static_cast<double>(alone), 1, 0.2);
}

TEST_F(ValgrindCounts, NothingForAProgramThatIsNotThere) {
    const ValgrindRun run(*find_valgrind());
    ChildProcess({.command = run.wrap({"/nowhere/program"})}).finish(in_a_minute());
    EXPECT_EQ(run.instructions(), std::nullopt);
}

}  // namespace asyncbench::valgrind_tests
