#include "analysis/gate/gate_result.hpp"

#include <gtest/gtest.h>

namespace asyncbench::gate_result_tests {

GateLine line(Verdict verdict, Lane lane = Lane::paired) {
    GateLine made;
    made.rule.lane = lane;
    made.verdict = verdict;
    return made;
}

BudgetLine budget(Verdict verdict) {
    BudgetLine made;
    made.verdict = verdict;
    return made;
}

TEST(GateVerdict, IsPassWhereEveryLineAndBudgetPasses) {
    GateResult gate;
    EXPECT_EQ(gate.verdict(), Verdict::inconclusive);
    gate.lines = {line(Verdict::pass), line(Verdict::inconclusive, Lane::information)};
    EXPECT_EQ(gate.verdict(), Verdict::pass);
    gate.budgets = {budget(Verdict::pass)};
    EXPECT_EQ(gate.verdict(), Verdict::pass);
    gate.budgets.push_back(budget(Verdict::inconclusive));
    EXPECT_EQ(gate.verdict(), Verdict::inconclusive);
}

TEST(GateVerdict, IsFailWhereOneFails) {
    GateResult gate;
    gate.lines = {line(Verdict::pass), line(Verdict::inconclusive), line(Verdict::fail, Lane::deterministic)};
    EXPECT_EQ(gate.verdict(), Verdict::fail);
    gate.lines.pop_back();
    gate.budgets = {budget(Verdict::fail)};
    EXPECT_EQ(gate.verdict(), Verdict::fail);
    gate.lines = {line(Verdict::pass), line(Verdict::fail, Lane::information)};
    gate.budgets.clear();
    EXPECT_EQ(gate.verdict(), Verdict::pass);
}

TEST(GateVerdict, IsNeverPassWhereTheMeasurementIsNotWhole) {
    GateResult gate;
    gate.lines = {line(Verdict::pass)};
    GateResult failed = gate;
    failed.failure = "The trials of head fail.";
    EXPECT_EQ(failed.verdict(), Verdict::inconclusive);
    GateResult interrupted = gate;
    interrupted.interrupted = true;
    EXPECT_EQ(interrupted.verdict(), Verdict::inconclusive);
    GateResult warned = gate;
    warned.warnings = {{"note", "A note.", WarningKind::note}};
    EXPECT_EQ(warned.verdict(), Verdict::pass);
    warned.warnings.push_back({"cell-wrong", "Wrong.", WarningKind::wrong});
    EXPECT_FALSE(warned.usable());
    EXPECT_EQ(warned.verdict(), Verdict::inconclusive);
}

}  // namespace asyncbench::gate_result_tests
