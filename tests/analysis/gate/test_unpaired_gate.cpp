#include "analysis/gate/unpaired_gate.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "async/errors.hpp"

namespace asyncbench::unpaired_gate_tests {

using testing::HasSubstr;

/// `count` values around `middle` that lie within a share `noise` of it.
std::vector<double> around(double middle, double noise = 0.01, int count = 10) {
    std::vector<double> values;
    for (int i = 0; i < count; ++i)
        values.push_back(middle * (1 + noise * ((i * 7) % count - count / 2) / count));
    return values;
}

struct Metric {
    std::string name;
    std::vector<double> values;
};

/// Adds a trial that measured nothing yet.
Trial& add_trial(MeasuredCell& cell) {
    Trial& trial = cell.measured.emplace_back();
    trial.repetition = cell.trials++;
    ++cell.used_trials;
    return trial;
}

MeasuredCell cell_of(const std::string& name, const std::vector<Metric>& metrics) {
    MeasuredCell cell;
    cell.name = name;
    for (const Metric& metric : metrics) {
        for (std::size_t i = 0; i < metric.values.size(); ++i) {
            if (i == cell.measured.size()) add_trial(cell);
            cell.measured[i].metrics[metric.name] = {metric.values[i], {}};
        }
    }
    return cell;
}

/// What a trial was, apart from its times.
struct Was {
    std::string failure = {};
    std::vector<Warning> warnings = {};
    double requests = 100;
    std::uint64_t unforeseen_errors = 0;
};

/// Trials that did 100 requests each and told a p50, of which the first are like `unlike`.
MeasuredCell cell_with(const std::vector<Was>& unlike, std::vector<double> p50) {
    MeasuredCell cell = cell_of("a", {{"service_p50_ns", std::move(p50)}});
    cell.strategy.name = "callback";
    for (std::size_t i = 0; i < cell.measured.size(); ++i) {
        Trial& trial = cell.measured[i];
        const Was was = i < unlike.size() ? unlike[i] : Was{};
        trial.failure = was.failure;
        trial.warnings = was.warnings;
        trial.errors.unforeseen = was.unforeseen_errors;
        if (was.failure.empty()) trial.metrics["requests"] = {was.requests, {}};
        if (!trial.usable()) --cell.used_trials;
    }
    return cell;
}

Was crashed() {
    return {.failure = "It was ended by signal 11."};
}

Was with_errors(std::uint64_t count) {
    return {.unforeseen_errors = count};
}

Was with_warning(const std::string& code) {
    return {.warnings = {{code, "It went wrong.", WarningKind::wrong}}};
}

/// Both arms like the other, but for these trials.
GateResult judge_trials(const std::vector<Was>& base, const std::vector<Was>& head,
                        std::uint64_t planned = 0) {
    UnpairedGatePlan plan;
    plan.base.source = "base.json";
    plan.head.source = "head.json";
    plan.base.cells = {cell_with(base, around(100))};
    plan.head.cells = {cell_with(head, around(100))};
    for (MeasuredValues* side : {&plan.base, &plan.head}) side->cells.front().requests = planned;
    plan.rules.metrics = {{"service_p50_ns", Lane::paired, {0.05, 0.10}, false},
                          {"requests", Lane::deterministic, {0, 0}, true},
                          {"errors", Lane::deterministic, {0, 0}, true}};
    return judge_unpaired(plan);
}

/// A plan of one subject `a` with a rule for one metric: 5 %, 10 %.
UnpairedGatePlan plan_of(const std::string& metric, std::vector<double> base, std::vector<double> head) {
    UnpairedGatePlan plan;
    plan.base.source = "base.json";
    plan.head.source = "head.json";
    plan.base.cells = {cell_of("a", {{metric, std::move(base)}})};
    plan.head.cells = {cell_of("a", {{metric, std::move(head)}})};
    plan.rules.metrics = {{metric, Lane::paired, {0.05, 0.10}, false}};
    return plan;
}

Verdict verdict_of(const std::string& metric, std::vector<double> base, std::vector<double> head) {
    return judge_unpaired(plan_of(metric, std::move(base), std::move(head))).lines.at(0).verdict;
}

std::string why_refused(const UnpairedGatePlan& plan) {
    try {
        judge_unpaired(plan);
    } catch (const Error& error) {
        return error.what();
    }
    return "accepted";
}

const Warning* find_warning(const GateResult& result, const std::string& code) {
    const auto found = std::find_if(result.warnings.begin(), result.warnings.end(),
                                    [&](const Warning& warning) { return warning.code == code; });
    return found == result.warnings.end() ? nullptr : &*found;
}

TEST(UnpairedGate, FailsWhatIsWorseByTheToleranceAndPassesWhatIsNot) {
    EXPECT_EQ(verdict_of("service_p50_ns", around(100), around(120)), Verdict::fail);
    EXPECT_EQ(verdict_of("service_p50_ns", around(100), around(100)), Verdict::pass);
    EXPECT_EQ(verdict_of("service_p50_ns", around(100), around(80)), Verdict::pass);
    EXPECT_EQ(verdict_of("throughput_rps", around(100), around(80)), Verdict::fail);
    EXPECT_EQ(verdict_of("throughput_rps", around(100), around(120)), Verdict::pass);
}

TEST(UnpairedGate, AShownWorseningBelowTheToleranceIsNoFail) {
    EXPECT_EQ(verdict_of("service_p50_ns", around(100, 0.001), around(103, 0.001)), Verdict::pass);
    EXPECT_EQ(verdict_of("service_p50_ns", around(100, 0.3), around(104, 0.3)), Verdict::inconclusive);
}

TEST(UnpairedGate, SaysWhatGotBetter) {
    const GateResult result = judge_unpaired(plan_of("service_p50_ns", around(100), around(80)));
    EXPECT_TRUE(result.lines[0].improved);
    EXPECT_FALSE(judge_unpaired(plan_of("service_p50_ns", around(100), around(100))).lines[0].improved);
}

TEST(UnpairedGate, SaysWhereSoFewValuesCouldShowNothing) {
    const GateResult result = judge_unpaired(plan_of("service_p50_ns", {1, 2, 3}, {10, 11, 12}));
    EXPECT_EQ(result.lines[0].verdict, Verdict::inconclusive);
    EXPECT_THAT(result.lines[0].reason, HasSubstr("So few values could not show a regression"));
    EXPECT_EQ(result.verdict(), Verdict::inconclusive);
}

TEST(UnpairedGate, GrowsTheToleranceByTheSpreadOfAStoredBaseAndSaysSo) {
    // Quartiles of 90 and 110: half their distance over the median is a tenth.
    const std::vector<double> noisy{80, 90, 90, 90, 100, 100, 110, 110, 110, 120};
    UnpairedGatePlan plan = plan_of("service_p50_ns", noisy, around(112));
    plan.shape = GateShape::stored;
    const GateResult result = judge_unpaired(plan);
    EXPECT_NEAR(result.lines[0].rule.tolerance.fail_from, 0.15, 1e-9);
    EXPECT_NEAR(result.lines[0].rule.tolerance.pass_below, 0.20, 1e-9);
    EXPECT_EQ(result.rules.metrics[0].tolerance.fail_from, 0.05) << "the rule stays as it was given";
    EXPECT_NE(result.lines[0].verdict, Verdict::fail);
    EXPECT_THAT(result.lines[0].reason, HasSubstr("grew by 10.0 %"));
    ASSERT_NE(find_warning(result, "not-paired"), nullptr);
    EXPECT_THAT(find_warning(result, "not-paired")->message, HasSubstr("grew by up to 10.0 %"));
    plan.shape = GateShape::files;
    EXPECT_EQ(judge_unpaired(plan).lines[0].rule.tolerance.fail_from, 0.05);
}

TEST(UnpairedGate, HolmLooksAtAllLinesTogether) {
    UnpairedGatePlan plan = plan_of("service_p50_ns", around(100, 0.01, 5), around(120, 0.01, 5));
    EXPECT_NEAR(*judge_unpaired(plan).lines[0].p_worse, 1.0 / 252, 1e-12);
    for (MeasuredValues* side : {&plan.base, &plan.head}) {
        for (const char* name : {"b", "c"})
            side->cells.push_back(cell_of(name, {{"service_p50_ns", around(100, 0.01, 5)}}));
    }
    const GateResult result = judge_unpaired(plan);
    EXPECT_NEAR(*result.lines[0].p_worse, 3.0 / 252, 1e-12);
    EXPECT_EQ(result.lines[0].verdict, Verdict::inconclusive);
}

TEST(UnpairedGate, RefusesDifferentWorkAndDifferentMachines) {
    UnpairedGatePlan plan = plan_of("service_p50_ns", around(100), around(100));
    plan.base.work = "requests 1";
    EXPECT_THAT(why_refused(plan), HasSubstr("base.json and head.json did different work"));
    plan.base.work.clear();
    plan.base.environment.facts = {{"cpu_model", "A", ""}, {"kernel", "1", ""}};
    plan.head.environment.facts = {{"cpu_model", "B", ""}, {"kernel", "2", ""}};
    EXPECT_THAT(why_refused(plan), HasSubstr("cpu_model (A and B)"));
    EXPECT_THAT(why_refused(plan), HasSubstr("--different-machine"));
    plan.different_machines = true;
    const GateResult result = judge_unpaired(plan);
    EXPECT_NE(find_warning(result, "different-machines"), nullptr);
    EXPECT_EQ(result.environment_differences.size(), 2U);
}

TEST(UnpairedGate, AnotherKernelIsNoOtherMachine) {
    UnpairedGatePlan plan = plan_of("service_p50_ns", around(100), around(100));
    plan.base.environment.facts = {{"kernel", "1", ""}};
    plan.head.environment.facts = {{"kernel", "2", ""}};
    const GateResult result = judge_unpaired(plan);
    ASSERT_EQ(result.environment_differences.size(), 1U);
    EXPECT_EQ(result.environment_differences[0].fact, "kernel");
    EXPECT_EQ(result.verdict(), Verdict::pass);
}

TEST(UnpairedGate, WhatHeadLacksIsNeverAPass) {
    UnpairedGatePlan plan = plan_of("service_p50_ns", around(100), around(100));
    plan.base.cells.push_back(cell_of("gone", {{"service_p50_ns", around(100)}}));
    const GateResult result = judge_unpaired(plan);
    ASSERT_EQ(result.lines.size(), 2U);
    EXPECT_EQ(result.lines[1].verdict, Verdict::inconclusive);
    EXPECT_EQ(result.lines[1].reason, "It is not in head.json.");
    EXPECT_EQ(result.verdict(), Verdict::inconclusive);
}

TEST(UnpairedGate, WhatIsNewIsAWarning) {
    UnpairedGatePlan plan = plan_of("service_p50_ns", around(100), around(100));
    plan.head.cells.push_back(cell_of("new", {{"service_p50_ns", around(100)}}));
    const GateResult result = judge_unpaired(plan);
    EXPECT_NE(find_warning(result, "only-in-head"), nullptr);
    EXPECT_EQ(result.verdict(), Verdict::pass);
}

TEST(UnpairedGate, WhatNotEveryRepetitionTellsIsNeverAPass) {
    for (const bool in_head : {true, false}) {
        UnpairedGatePlan plan = plan_of("real_time_ns", around(100), around(100));
        EXPECT_EQ(judge_unpaired(plan).verdict(), Verdict::pass);
        MeasuredCell& cell = (in_head ? plan.head : plan.base).cells.front();
        for (int i = 0; i < 2; ++i) add_trial(cell);
        cell.warnings = {{"values-left-out", "2 of 12 were NaN.", WarningKind::note}};
        plan.rules.budgets = {{"real_time_ns", true, 1000, "real-time<1us"}};
        const GateResult result = judge_unpaired(plan);
        EXPECT_EQ(result.lines[0].verdict, Verdict::inconclusive);
        EXPECT_THAT(result.lines[0].reason, HasSubstr("2 of 12 repetitions of"));
        EXPECT_EQ(result.budgets[0].verdict, in_head ? Verdict::inconclusive : Verdict::pass);
        EXPECT_NE(find_warning(result, "values-left-out"), nullptr);
        EXPECT_TRUE(result.usable());
    }
}

TEST(UnpairedGate, AWorseningShowsAlsoWhereSomeRepetitionsTellNothing) {
    UnpairedGatePlan plan = plan_of("real_time_ns", around(100), around(120));
    for (int i = 0; i < 2; ++i) add_trial(plan.head.cells.front());
    EXPECT_EQ(judge_unpaired(plan).verdict(), Verdict::fail);
}

/// Of files of another program that tell real_time_ns, with one more rule.
GateResult judge_with(const std::string& name, AskedBy asked_by) {
    UnpairedGatePlan plan = plan_of("real_time_ns", around(100), around(100));
    set_rule(plan.rules, name, "5%", asked_by);
    return judge_unpaired(plan);
}

TEST(UnpairedGate, WhatIsAskedForByNameAndNeitherTellsIsNeverAPass) {
    const std::pair<const char*, AskedBy> cases[] = {{"counter:itemz_per_second", AskedBy::flag},
                                                     {"counter:itemz_per_second", AskedBy::file},
                                                     {"p50", AskedBy::flag}};
    for (const auto& [name, asked_by] : cases) {
        const GateResult result = judge_with(name, asked_by);
        ASSERT_EQ(result.lines.size(), 2U) << name;
        EXPECT_EQ(result.lines[1].verdict, Verdict::inconclusive) << name;
        EXPECT_EQ(result.lines[1].reason,
                  "No value of it is in base.json or head.json; check its name, or leave it out.");
        EXPECT_EQ(result.verdict(), Verdict::inconclusive);
    }
}

TEST(UnpairedGate, WhatTheConfigurationAsksOfOtherFilesDecidesNothingAndIsTold) {
    const GateResult result = judge_with("p50", AskedBy::file);
    EXPECT_EQ(result.lines.size(), 1U);
    EXPECT_EQ(result.verdict(), Verdict::pass);
    ASSERT_NE(find_warning(result, "rules-not-used"), nullptr);
    EXPECT_THAT(
        find_warning(result, "rules-not-used")->message,
        HasSubstr("only results of asyncbench tell, so that it decides nothing here: service_p50_ns"));
    EXPECT_EQ(find_warning(judge_with("p50", AskedBy::flag), "rules-not-used"), nullptr);
}

TEST(UnpairedGate, NothingInCommonIsAnError) {
    UnpairedGatePlan plan = plan_of("service_p50_ns", around(100), around(100));
    plan.head.cells[0].name = "other";
    EXPECT_THAT(why_refused(plan), HasSubstr("nothing in common"));
}

TEST(UnpairedGate, AWrongCellMakesTheResultInvalidAndDecidesNothing) {
    UnpairedGatePlan plan = plan_of("service_p50_ns", around(100), around(150));
    plan.head.cells[0].warnings = {{"too-few-samples", "Only 3 were answered.", WarningKind::wrong}};
    const GateResult result = judge_unpaired(plan);
    EXPECT_FALSE(result.usable());
    EXPECT_EQ(result.lines[0].verdict, Verdict::inconclusive);
    EXPECT_EQ(find_warning(result, "cell-wrong")->message, "a of head.json is wrong: Only 3 were answered.");
}

TEST(UnpairedTrials, ThatAllDidTheirWorkPass) {
    const GateResult result = judge_trials({}, {});
    EXPECT_EQ(result.verdict(), Verdict::pass);
    EXPECT_TRUE(result.usable());
    EXPECT_EQ(result.lines.size(), 2U) << "requests are the work itself, and no line";
}

TEST(UnpairedTrials, ThatCrashedInEitherArmLetNothingPassAndAreTold) {
    for (const bool in_head : {true, false}) {
        const std::vector<Was> some(4, crashed());
        const GateResult result = in_head ? judge_trials({}, some) : judge_trials(some, {});
        EXPECT_EQ(result.verdict(), Verdict::inconclusive);
        EXPECT_FALSE(result.usable());
        const Warning* lost = find_warning(result, "trials-lost");
        ASSERT_NE(lost, nullptr);
        EXPECT_THAT(lost->message, HasSubstr(in_head ? "4 of 10 trials of head" : "4 of 10 trials of base"));
        EXPECT_THAT(lost->message, HasSubstr("signal 11"));
    }
}

TEST(UnpairedTrials, OfAnUnavailableStrategyAreANoteAndDecideNothing) {
    const std::vector<Was> none(10, {.failure = "There is no loop.",
                                     .warnings = Trial::of_unavailable("There is no loop.").warnings});
    const GateResult result = judge_trials(none, none);
    EXPECT_TRUE(result.lines.empty());
    EXPECT_TRUE(result.usable());
    ASSERT_NE(find_warning(result, "unavailable"), nullptr);
    EXPECT_EQ(find_warning(result, "unavailable")->message,
              "a is unavailable and not compared: There is no loop.");
}

TEST(UnpairedTrials, ThatDidOtherWorkAreNotCompared) {
    for (const char* code : {"work-mismatch", "wrong-content"}) {
        const GateResult result = judge_trials({}, {with_warning(code)});
        EXPECT_EQ(result.verdict(), Verdict::inconclusive) << code;
        EXPECT_NE(find_warning(result, "work-differs"), nullptr) << code;
        EXPECT_FALSE(result.usable()) << code;
    }
}

TEST(UnpairedTrials, OfABatchThatDidFewerRequestsThanItSaysDidOtherWork) {
    const Was fewer{.requests = 90};
    const GateResult result = judge_trials({}, std::vector<Was>(10, fewer), 100);
    EXPECT_FALSE(result.usable());
    EXPECT_NE(result.verdict(), Verdict::pass);
    EXPECT_NE(find_warning(result, "work-differs"), nullptr);
}

TEST(UnpairedTrials, OfAClosedLoopMayDoMoreOrFewerRequests) {
    const Was more{.requests = 130};
    EXPECT_EQ(judge_trials({}, std::vector<Was>(10, more)).verdict(), Verdict::pass);
}

TEST(UnpairedTrials, FailWhereHeadHasErrorsThatNobodyAskedForAndBaseHasNone) {
    const GateResult result = judge_trials({}, {with_errors(1)});
    EXPECT_EQ(result.verdict(), Verdict::fail);
    ASSERT_EQ(result.lines[1].rule.metric, "errors");
    EXPECT_THAT(result.lines[1].reason, HasSubstr("1 of 1000 requests of head failed"));
}

TEST(UnpairedTrials, AreNotValidWhereBaseHasErrors) {
    const GateResult result = judge_trials({with_errors(2)}, {with_errors(2)});
    EXPECT_EQ(result.verdict(), Verdict::inconclusive);
    EXPECT_FALSE(result.usable());
    EXPECT_NE(find_warning(result, "base-errors"), nullptr);
}

TEST(UnpairedTrials, ThatDidTheirWorkAndAreWrongAllTheSameAreLeftOutAndTold) {
    const GateResult result = judge_trials({}, {with_warning("claimed-by-the-program")});
    EXPECT_EQ(result.verdict(), Verdict::pass);
    EXPECT_TRUE(result.usable());
    ASSERT_NE(find_warning(result, "trials-left-out"), nullptr);
    EXPECT_THAT(find_warning(result, "trials-left-out")->message, HasSubstr("1 of 10 trials"));
}

TEST(UnpairedTrials, ThatTheMachineDisturbedCountAllTheSame) {
    const Was disturbed{.warnings = {{"machine-busy", "It was busy.", WarningKind::disturbed}}};
    const GateResult result = judge_trials({}, std::vector<Was>(10, disturbed));
    EXPECT_EQ(result.verdict(), Verdict::pass);
    EXPECT_TRUE(result.usable());
    EXPECT_EQ(find_warning(result, "trials-left-out"), nullptr);
    EXPECT_EQ(find_warning(result, "machine-disturbed"), nullptr) << "there are no pairs that would bear it";
}

TEST(UnpairedTrials, ThatCrashedKeepNoBudget) {
    UnpairedGatePlan plan;
    plan.base.cells = {cell_with({}, around(100))};
    plan.head.cells = {cell_with({crashed(), crashed()}, around(100))};
    plan.rules.metrics.clear();
    plan.rules.budgets = {{"service_p50_ns", true, 200, "p50<200ns"}};
    const GateResult result = judge_unpaired(plan);
    ASSERT_EQ(result.budgets.size(), 1U);
    EXPECT_EQ(result.budgets[0].verdict, Verdict::inconclusive);
    EXPECT_FALSE(result.usable());
}

TEST(UnpairedGate, HoldsWhatOnlyHeadHasToItsBudgets) {
    UnpairedGatePlan plan = plan_of("service_p50_ns", around(100), around(100));
    plan.head.cells.push_back(cell_of("new", {{"service_p50_ns", around(1000)}}));
    plan.rules.budgets = {{"service_p50_ns", true, 500, "p50<500ns"}};
    const GateResult result = judge_unpaired(plan);
    ASSERT_EQ(result.budgets.size(), 2U);
    EXPECT_EQ(result.budgets[0].verdict, Verdict::pass);
    EXPECT_EQ(result.budgets[1].verdict, Verdict::fail);
    EXPECT_EQ(result.verdict(), Verdict::fail);
}

TEST(UnpairedGate, OfABenchmarkThatFailedInBaseIsNotValid) {
    UnpairedGatePlan plan = plan_of("real_time_ns", around(100), around(100));
    MeasuredCell failed;
    failed.name = "BM_Fails";
    failed.warnings = {{"benchmark-error", "BM_Fails of base.json failed.", WarningKind::wrong}};
    plan.base.cells.push_back(failed);
    plan.head.cells.push_back(cell_of("BM_Fails", {{"real_time_ns", around(100)}}));
    const GateResult result = judge_unpaired(plan);
    EXPECT_FALSE(result.usable());
    EXPECT_NE(result.verdict(), Verdict::pass);
    EXPECT_EQ(find_warning(result, "only-in-head"), nullptr);
}

TEST(UnpairedGate, JudgesThousandsOfValues) {
    EXPECT_EQ(verdict_of("service_p50_ns", around(100, 0.01, 2000), around(120, 0.01, 2000)), Verdict::fail);
}

TEST(UnpairedGate, SaysWhereTheMachinesAreNotKnown) {
    UnpairedGatePlan plan = plan_of("service_p50_ns", around(100), around(100));
    plan.head.environment.facts = {{"cpu_model", "A", ""}};
    EXPECT_NE(find_warning(judge_unpaired(plan), "machine-unknown"), nullptr);
    plan.base.environment.facts = {{"cpu_model", "A", ""}, {"cpu_mhz", "2000", ""}};
    plan.head.environment.facts.push_back({"cpu_mhz", "3000", ""});
    const GateResult result = judge_unpaired(plan);
    EXPECT_EQ(find_warning(result, "machine-unknown"), nullptr);
    EXPECT_TRUE(result.environment_differences.empty()) << "the clock of a CPU differs from minute to minute";
}

TEST(UnpairedGate, SaysWhatOfTheWorkDiffers) {
    UnpairedGatePlan plan = plan_of("service_p50_ns", around(100), around(100));
    plan.base.work = "plan batch, requests 100, latency 20ms";
    plan.head.work = "plan batch, requests 100, latency 22ms";
    EXPECT_THAT(why_refused(plan), HasSubstr("cannot be compared: latency 20ms; and latency 22ms."));
}

TEST(UnpairedGate, BudgetsApplyToHead) {
    UnpairedGatePlan plan = plan_of("service_p50_ns", around(100), around(100));
    plan.rules.budgets = {{"service_p50_ns", true, 90, "p50<90ns"},
                          {"service_p50_ns", true, 110, "p50<110ns"}};
    const GateResult result = judge_unpaired(plan);
    ASSERT_EQ(result.budgets.size(), 2U);
    EXPECT_EQ(result.budgets[0].verdict, Verdict::fail);
    EXPECT_EQ(result.budgets[1].verdict, Verdict::pass);
}

TEST(UnpairedGate, KeepsEveryValueAsASample) {
    const GateResult result = judge_unpaired(plan_of("service_p50_ns", around(100), around(120)));
    ASSERT_EQ(result.samples.size(), 20U);
    EXPECT_EQ(result.samples[0].arm, Arm::base);
    EXPECT_EQ(result.samples[19].arm, Arm::head);
    EXPECT_EQ(value_of(result.samples[3].metrics, "service_p50_ns"), around(100)[3]);
}

TEST(UnpairedGate, ZerosHaveNoRatioAndDecideNothing) {
    const GateResult result = judge_unpaired(plan_of("service_p50_ns", {0, 0, 0, 0}, {0, 0, 0, 0}));
    EXPECT_EQ(result.lines[0].verdict, Verdict::inconclusive);
    EXPECT_EQ(result.lines[0].reason, "It is 0 in some trials, which has no ratio.");
}

TEST(UnpairedGate, OfValuesBelowZeroItDoesNotSayThatTheyAreZero) {
    for (const auto& [base, head] : {std::pair<std::vector<double>, std::vector<double>>{{1, 2, 3}, {1, -2, 3}},
                                     {{-1, -2, -3}, {1, 2, 3}}}) {
        const GateResult result = judge_unpaired(plan_of("service_p50_ns", base, head));
        EXPECT_EQ(result.lines[0].verdict, Verdict::inconclusive);
        EXPECT_EQ(result.lines[0].reason, "It is below 0 in some trials, which has no ratio.");
    }
}

/// A counter in base and head, as a rule of the counted runs without tolerance.
GateLine line_of_counter(std::vector<double> base, std::vector<double> head) {
    UnpairedGatePlan plan = plan_of("allocations_per_op", std::move(base), std::move(head));
    plan.rules.metrics = {{"allocations_per_op", Lane::deterministic, {0, 0}, false}};
    return judge_unpaired(plan).lines.at(0);
}

TEST(CounterOfAFile, FailsWhereItGrew) {
    const GateLine line = line_of_counter({2, 2, 2}, {3, 3, 3});
    EXPECT_EQ(line.verdict, Verdict::fail);
    EXPECT_THAT(line.reason, HasSubstr("3 instead of 2"));
}

TEST(CounterOfAFile, PassesWhereItIsTheSame) {
    EXPECT_EQ(line_of_counter({2, 2, 2}, {2, 2, 2}).verdict, Verdict::pass);
}

TEST(CounterOfAFile, PassesWhereBothCountNothing) {
    EXPECT_EQ(line_of_counter({0, 0, 0}, {0, 0, 0}).verdict, Verdict::pass);
}

TEST(CounterOfAFile, DecidesNothingByOneRunOfEach) {
    const GateLine line = line_of_counter({2.0001}, {2.0002});
    EXPECT_EQ(line.verdict, Verdict::inconclusive);
    EXPECT_THAT(line.reason, HasSubstr("3 runs of each arm"));
}

TEST(CounterOfAFile, DecidesNothingWhereItVariesInOneFile) {
    EXPECT_NE(line_of_counter({100, 101, 100}, {101, 100, 101}).verdict, Verdict::fail);
}

}  // namespace asyncbench::unpaired_gate_tests
