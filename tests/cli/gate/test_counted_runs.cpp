// Counted runs, with trials of the built program.

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "cli/gate/counted_runs.hpp"
#include "cli/gate/paired_gate.hpp"
#include "cli/gate/valgrind.hpp"
#include "harness/http/transfer.hpp"
#include "harness/measure/allocations.hpp"
#include "tests/support/paths/paths.hpp"

namespace asyncbench::counted_runs_tests {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

class Silent : public GateObserver {
  public:
    void trial_starts(const std::string& what, std::size_t, std::size_t) override {
        ++trials;
        if (what.ends_with("instructions")) interrupted = interrupts_valgrind;
    }
    void looked(std::size_t, std::size_t) override {}

    int trials = 0;
    bool interrupts_valgrind = false;
    std::atomic<bool> interrupted = false;
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

/// The valgrind that is found as long as it lives is a script.
class WithValgrind {
  public:
    explicit WithValgrind(const std::string& script) {
        std::filesystem::create_directories(folder_);
        std::ofstream(folder_ + "/valgrind") << "#!/bin/sh\n" << script << '\n';
        std::filesystem::permissions(folder_ + "/valgrind", std::filesystem::perms::owner_all);
        setenv("PATH", (folder_ + ":" + path_).c_str(), 1);
    }
    ~WithValgrind() {
        setenv("PATH", path_.c_str(), 1);
        std::filesystem::remove_all(folder_);
    }
    WithValgrind(const WithValgrind&) = delete;
    WithValgrind& operator=(const WithValgrind&) = delete;

  private:
    std::string path_ = std::getenv("PATH");
    std::string folder_ = fmt::format("{}valgrind-{}", ::testing::TempDir(), getpid());
};

class CountedRunsTest : public ::testing::Test {
  protected:
    void SetUp() override {
        initialize_curl();
        start_target();
    }

    /// A new one for each gate, as each names its trials from 0 on.
    void start_target() {
        target_ = std::make_unique<TargetLink>(
            ChildProcess::Options{.command = {test::asyncbench_program(), "target", "mock", "--port", "0",
                                              "--end-with-parent", "--latency", "1ms", "--seed", "1"}});
    }

    ArmSetup arm(const std::string& arguments) {
        return {"asyncbench trial" + arguments,
                {"/bin/sh", "-c", fmt::format("{} trial{}", test::asyncbench_program(), arguments)},
                target_.get()};
    }

    /// Does as this program, but first runs `edit` of the shell on its spec, which is $line.
    ArmSetup edited_arm(const std::string& edit) {
        ArmSetup edited = arm("");
        edited.trial_command = {
            "/bin/sh", "-c",
            fmt::format("read -r line; {}; {{ printf '%s\\n' \"$line\"; cat; }} | {} trial", edit,
                        test::asyncbench_program())};
        return edited;
    }

    static std::string warning_of(const GateResult& result, std::string_view code) {
        for (const Warning& warning : result.warnings) {
            if (warning.code == code) return warning.message;
        }
        return "no such warning";
    }

    /// Cells with 16 in flight, after pairs in which no request failed.
    GateResult compared(ArmSetup base, ArmSetup head, GateRules rules = default_gate_rules(),
                        const std::vector<std::string>& strategies = {"coroutine"}) {
        PairedGatePlan plan;
        plan.base = std::move(base);
        plan.head = std::move(head);
        plan.scenario.profile.delay = DelaySpec::parse("1ms");
        plan.patience = std::chrono::seconds{20};
        plan.interrupted = &observer_.interrupted;
        GateResult result;
        result.rules = std::move(rules);
        result.rules.deterministic_runs = 2;
        result.rules.confirm = false;
        for (const std::string& strategy : strategies)
            result.subjects.push_back({.name = strategy + " at 16", .strategy = strategy, .concurrency = 16});
        result.subjects.push_back(
            {.name = "control", .strategy = "callback", .concurrency = 16, .is_control = true});
        result.lines.emplace_back();
        result.lines.back().rule = *find_rule(result.rules, "errors");
        run_counted_runs(plan, observer_, result);
        return result;
    }

    /// Valgrind takes half a minute to count them.
    static GateRules without_instructions() {
        GateRules rules = default_gate_rules();
        set_rule(rules, "instructions", "ignore");
        return rules;
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

TEST_F(CountedRunsTest, FindsATenthMoreWorkWhileACoreIsKeptBusy) {
    skip_where_nothing_counts();
    if (IsSkipped()) return;
    const Burn burn;
    // Some 53,000 instructions a request; 1.2 us are 360 rounds of 15.
    const GateResult result = compared(arm(""), arm(" --extra-compute 1200ns"));
    const GateLine& instructions = line(result, "instructions_per_request");
    EXPECT_EQ(instructions.verdict, Verdict::fail) << instructions.reason;
    EXPECT_NEAR(instructions.ratio.value, 1.10, 0.03);
    EXPECT_NE(line(result, "allocations_per_request").verdict, Verdict::fail);
}

TEST_F(CountedRunsTest, PassesTheSameProgram) {
    skip_where_nothing_counts();
    if (IsSkipped()) return;
    const GateResult result = compared(arm(""), arm(""));
    std::size_t counts = 0;
    for (const GateLine& each : result.lines) {
        if (each.rule.lane != Lane::deterministic) continue;
        ++counts;
        // On a busy machine a run may allocate once or twice more, which decides nothing.
        if (each.rule.metric == "allocations_per_request" && each.verdict != Verdict::fail) continue;
        EXPECT_EQ(each.verdict, Verdict::pass) << each.rule.metric << ": " << each.reason;
    }
    EXPECT_EQ(line(result, "connections_opened").head.value, 16);
    EXPECT_EQ(line(result, "requests").head.value, 300);
    EXPECT_TRUE(result.warnings.empty());
    ASSERT_EQ(result.samples.size(), 4U);  // none of the control
    for (const GateTrial& sample : result.samples) EXPECT_TRUE(sample.deterministic);
    EXPECT_EQ(counts, 5U);
}

TEST_F(CountedRunsTest, SaysLoudlyWhyInstructionsAreNotCounted) {
    const std::string path = std::getenv("PATH");
    setenv("PATH", "/nowhere", 1);
    const GateResult result = compared(arm(""), arm(""));
    setenv("PATH", path.c_str(), 1);
    const GateLine& instructions = line(result, "instructions_per_request");
    if (instructions.verdict == Verdict::pass) GTEST_SKIP() << "the kernel counts here";
    EXPECT_EQ(instructions.standing, LineStanding::not_told);
    ASSERT_EQ(result.warnings.size(), 1U);
    EXPECT_EQ(result.warnings[0].code, "no-instruction-counts");
    EXPECT_THAT(result.warnings[0].message, HasSubstr("valgrind"));
    EXPECT_EQ(result.warnings[0].kind, WarningKind::note);
}

TEST_F(CountedRunsTest, SaysInPlainSentencesThatValgrindFails) {
    const WithValgrind fake("exit 9");
    const GateResult result = compared(arm(""), arm(""));
    if (line(result, "instructions_per_request").pairs > 0) GTEST_SKIP() << "the kernel counts here";
    EXPECT_THAT(warning_of(result, "no-instruction-counts"),
                AllOf(HasSubstr("status 9"), Not(HasSubstr(".."))));
}

TEST_F(CountedRunsTest, BlamesNoArmForAnInterruptionUnderValgrind) {
    const WithValgrind fake("exec sleep 1000");
    observer_.interrupts_valgrind = true;
    const GateResult result = compared(arm(""), arm(""));
    if (!observer_.interrupted) GTEST_SKIP() << "the kernel counts here";
    EXPECT_TRUE(result.interrupted);
    EXPECT_EQ(warning_of(result, "no-instruction-counts"), "no such warning");
}

TEST_F(CountedRunsTest, OfAnArmThatCrashesSaysSoAndJudgesNothing) {
    for (const bool is_head : {true, false}) {
        ArmSetup crashes = arm("");
        crashes.name = "crashes";
        crashes.trial_command = {"/bin/sh", "-c", "kill -SEGV $$"};
        const GateResult result = is_head ? compared(arm(""), crashes) : compared(crashes, arm(""));
        EXPECT_NE(result.verdict(), Verdict::pass);
        EXPECT_THAT(result.failure, AllOf(HasSubstr(is_head ? "of head (`crashes`)" : "of base (`crashes`)"),
                                          HasSubstr("signal 11")));
        for (const GateLine& each : result.lines) EXPECT_NE(each.verdict, Verdict::pass) << each.rule.metric;
    }
}

TEST_F(CountedRunsTest, OfAnArmThatCrashesOnceIsNotValid) {
    for (const bool is_head : {true, false}) {
        start_target();
        const ArmSetup crashes = edited_arm("case \"$line\" in *counted-[01]\\\"*) exit 7;; esac");
        const GateResult result = is_head ? compared(arm(""), crashes, without_instructions())
                                          : compared(crashes, arm(""), without_instructions());
        EXPECT_TRUE(result.failure.empty()) << result.failure;
        EXPECT_FALSE(result.usable());
        EXPECT_THAT(warning_of(result, "trials-lost"),
                    AllOf(HasSubstr("1 of 2"), HasSubstr(is_head ? "head" : "base"), HasSubstr("status 7")));
        EXPECT_EQ(line(result, "connections_opened").verdict, Verdict::inconclusive);
        EXPECT_TRUE(line(result, "connections_opened").decides());
    }
}

TEST_F(CountedRunsTest, OfAnArmThatDoesOtherWorkIsNotValid) {
    for (const bool is_head : {true, false}) {
        start_target();
        const ArmSetup fewer =
            edited_arm("line=$(echo \"$line\" | sed 's/\"requests\":300/\"requests\":270/')");
        const GateResult result = is_head ? compared(arm(""), fewer, without_instructions())
                                          : compared(fewer, arm(""), without_instructions());
        EXPECT_FALSE(result.usable());
        EXPECT_THAT(warning_of(result, "work-differs"), HasSubstr("270 requests instead of 300"));
        for (const GateLine& each : result.lines) {
            EXPECT_EQ(each.verdict, Verdict::inconclusive) << each.rule.metric;
        }
    }
}

TEST_F(CountedRunsTest, ReportsTheRegressionOfACellBeforeTheCrashOfTheNext) {
    const ArmSetup eight_connections =
        edited_arm("line=$(echo \"$line\" | sed 's/\"coroutine\"/\"thread-pool:threads=8\"/')");
    const ArmSetup crashes = edited_arm("case \"$line\" in *callback*) exit 7;; esac");
    const GateResult result =
        compared(eight_connections, crashes, without_instructions(), {"coroutine", "callback"});
    const GateLine& connections = line(result, "connections_opened");
    EXPECT_EQ(connections.subject, 0U);
    EXPECT_EQ(connections.verdict, Verdict::fail) << connections.reason;
    EXPECT_EQ(result.verdict(), Verdict::fail);
    EXPECT_EQ(result.failure, "");
    EXPECT_THAT(warning_of(result, "trials-lost"), AllOf(HasSubstr("callback at 16"), HasSubstr("status 7")));
}

TEST_F(CountedRunsTest, CountsFailedRequestsAmongTheErrors) {
    const std::string edit = "line=$(echo \"$line\" | sed 's#127.0.0.1:[0-9]*#127.0.0.1:1#')";
    const GateResult of_head = compared(arm(""), edited_arm(edit), without_instructions());
    EXPECT_EQ(line(of_head, "errors").verdict, Verdict::fail) << line(of_head, "errors").reason;
    EXPECT_EQ(of_head.verdict(), Verdict::fail);
    start_target();
    const GateResult of_base = compared(edited_arm(edit), arm(""), without_instructions());
    EXPECT_FALSE(of_base.usable());
    EXPECT_THAT(warning_of(of_base, "base-errors"), HasSubstr("of base failed"));
    EXPECT_NE(of_base.verdict(), Verdict::fail);
}

TEST_F(CountedRunsTest, MeasuresNothingWhereNoRuleAsksForACount) {
    PairedGatePlan plan;
    GateResult result;
    result.subjects.push_back({.name = "coroutine at 16", .strategy = "coroutine", .concurrency = 16});
    run_counted_runs(plan, observer_, result);
    EXPECT_EQ(observer_.trials, 0);
    EXPECT_TRUE(result.lines.empty());
}

}  // namespace asyncbench::counted_runs_tests
