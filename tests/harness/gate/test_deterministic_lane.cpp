// The deterministic lane, with trials of the built program.

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <memory>
#include <string>
#include <thread>

#include "harness/gate/paired_gate.hpp"
#include "harness/gate/valgrind.hpp"
#include "harness/http/transfer.hpp"
#include "harness/measure/allocations.hpp"

namespace asyncbench {
namespace {

using ::testing::HasSubstr;

class Silent : public GateObserver {
  public:
    void trial_starts(const std::string&, std::size_t, std::size_t) override { ++trials; }
    void looked(std::size_t, std::size_t) override {}

    int trials = 0;
};

/// Keeps a core busy as long as it lives.
class Burn {
  public:
    ~Burn() { stop_ = true; }

  private:
    std::atomic<bool> stop_ = false;
    std::jthread thread_{[this] {
        while (!stop_) {
        }
    }};
};

class DeterministicLaneTest : public ::testing::Test {
  protected:
    void SetUp() override {
        initialize_curl();
        target_ = std::make_unique<TargetLink>(
            ChildProcess::Options{.command = {ASYNCBENCH_EXECUTABLE, "target", "mock", "--port", "0",
                                              "--end-with-parent", "--latency", "1ms", "--seed", "1"}});
    }

    ArmSetup arm(const std::string& arguments) {
        return {"asyncbench trial" + arguments,
                {"/bin/sh", "-c", fmt::format("{} trial{}", ASYNCBENCH_EXECUTABLE, arguments)},
                target_.get()};
    }

    /// One cell, 16 in flight.
    GateResult compared(ArmSetup base, ArmSetup head) {
        PairedGatePlan plan;
        plan.base = std::move(base);
        plan.head = std::move(head);
        plan.scenario.profile.delay = DelaySpec::parse("1ms");
        plan.patience = std::chrono::seconds{20};
        GateResult result;
        result.rules = default_gate_rules();
        result.rules.deterministic_runs = 2;
        result.rules.confirm = false;
        result.subjects.push_back({.name = "coroutine at 16", .strategy = "coroutine", .concurrency = 16});
        result.subjects.push_back(
            {.name = "control", .strategy = "callback", .concurrency = 16, .is_control = true});
        run_deterministic_lane(plan, observer_, result);
        return result;
    }

    static const GateLine& line(const GateResult& result, std::string_view metric) {
        for (const GateLine& line : result.lines) {
            if (line.rule.metric == metric) return line;
        }
        throw std::out_of_range(std::string(metric));
    }

    static void skip_where_nothing_counts() {
        if (!find_valgrind()) GTEST_SKIP() << "valgrind is not installed";
        if (!allocations_are_counted()) GTEST_SKIP() << "valgrind does not run programs with sanitizers";
    }

    Silent observer_;
    std::unique_ptr<TargetLink> target_;
};

TEST_F(DeterministicLaneTest, FindsATenthMoreWorkWhileACoreIsKeptBusy) {
    skip_where_nothing_counts();
    if (IsSkipped()) return;
    const Burn burn;
    // Some 66,000 instructions a request; 1.5 us are 450 rounds of 15.
    const GateResult result = compared(arm(""), arm(" --extra-compute 1500ns"));
    const GateLine& instructions = line(result, "instructions_per_request");
    EXPECT_EQ(instructions.verdict, Verdict::fail) << instructions.reason;
    EXPECT_NEAR(instructions.ratio.value, 1.10, 0.03);
    EXPECT_EQ(line(result, "allocations_per_request").verdict, Verdict::pass);
}

TEST_F(DeterministicLaneTest, PassesTheSameProgram) {
    skip_where_nothing_counts();
    if (IsSkipped()) return;
    const GateResult result = compared(arm(""), arm(""));
    ASSERT_EQ(result.lines.size(), 4U);
    for (const GateLine& each : result.lines) {
        EXPECT_EQ(each.verdict, Verdict::pass) << each.rule.metric << ": " << each.reason;
    }
    EXPECT_EQ(line(result, "connections_opened").head.value, 16);
    EXPECT_EQ(line(result, "requests").head.value, 300);
    EXPECT_TRUE(result.warnings.empty());
    ASSERT_EQ(result.samples.size(), 4U);  // none of the control
    for (const GateSample& sample : result.samples) EXPECT_TRUE(sample.deterministic);
}

TEST_F(DeterministicLaneTest, SaysLoudlyWhyInstructionsAreNotCounted) {
    const std::string path = std::getenv("PATH");
    setenv("PATH", "/nowhere", 1);
    const GateResult result = compared(arm(""), arm(""));
    setenv("PATH", path.c_str(), 1);
    const GateLine& instructions = line(result, "instructions_per_request");
    if (instructions.verdict == Verdict::pass) GTEST_SKIP() << "the kernel counts here";
    EXPECT_EQ(instructions.rule.lane, Lane::information);
    ASSERT_EQ(result.warnings.size(), 1U);
    EXPECT_EQ(result.warnings[0].code, "no-instruction-counts");
    EXPECT_THAT(result.warnings[0].message, HasSubstr("valgrind"));
    EXPECT_FALSE(result.warnings[0].invalidates);
}

TEST_F(DeterministicLaneTest, NeverPassesAnArmThatCrashes) {
    ArmSetup crashes = arm("");
    crashes.trial_command = {"/bin/sh", "-c", "kill -SEGV $$"};
    const GateResult result = compared(arm(""), crashes);
    for (const GateLine& each : result.lines) {
        if (each.rule.lane == Lane::deterministic) {
            EXPECT_EQ(each.verdict, Verdict::inconclusive) << each.reason;
        }
    }
    EXPECT_THAT(line(result, "requests").reason, HasSubstr("head does not tell it"));
    EXPECT_EQ(result.verdict(), Verdict::inconclusive);
}

TEST_F(DeterministicLaneTest, MeasuresNothingWhereNoRuleAsksForACount) {
    PairedGatePlan plan;
    GateResult result;
    result.subjects.push_back({.name = "coroutine at 16", .strategy = "coroutine", .concurrency = 16});
    run_deterministic_lane(plan, observer_, result);
    EXPECT_EQ(observer_.trials, 0);
    EXPECT_TRUE(result.lines.empty());
}

}  // namespace
}  // namespace asyncbench
