#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "analysis/gate/judge.hpp"
#include "tests/analysis/gate/made_up.hpp"

namespace asyncbench::budgets_tests {

using test::add_pairs_everywhere;
using test::cell_a;
using test::made_up_gate;
using testing::HasSubstr;

/// Made-up trials have a p50 of 5 ms and 3000 requests a second, give or take 1 %.
GateResult with_budget(const std::string& text, std::size_t pairs = 20) {
    GateResult gate = made_up_gate();
    gate.rules.budgets = {parse_budget(text)};
    add_pairs_everywhere(gate, pairs);
    test::look(gate);
    return gate;
}

Verdict verdict_on(const std::string& text) {
    const GateResult gate = with_budget(text);
    EXPECT_EQ(gate.budgets.size(), 2U);
    return gate.budgets.front().verdict;
}

TEST(Budget, HoldsWhereTheWholeIntervalDoes) {
    EXPECT_EQ(verdict_on("p50<6ms"), Verdict::pass);
    EXPECT_EQ(verdict_on("throughput>2000/s"), Verdict::pass);
}

TEST(Budget, IsBrokenWhereTheWholeIntervalIsOnTheWrongSide) {
    EXPECT_EQ(verdict_on("p50<4ms"), Verdict::fail);
    EXPECT_EQ(verdict_on("throughput>4000"), Verdict::fail);
    EXPECT_EQ(with_budget("p50<4ms").verdict(), Verdict::fail);
}

TEST(Budget, IsInconclusiveWhereTheLimitLiesWithin) {
    const GateResult gate = with_budget("p50<5ms");
    EXPECT_EQ(gate.budgets.front().verdict, Verdict::inconclusive);
    EXPECT_THAT(gate.budgets.front().reason, HasSubstr("within"));
    EXPECT_TRUE(test::is_open(gate, cell_a));
}

TEST(Budget, IsInconclusiveOnFewTrials) {
    EXPECT_EQ(with_budget("p50<6ms", 4).budgets.front().verdict, Verdict::inconclusive);
}

TEST(Budget, IsInconclusiveWhereHeadDoesNotTellTheMetric) {
    const GateResult gate = with_budget("peak-memory<1GB");
    EXPECT_EQ(gate.budgets.front().verdict, Verdict::inconclusive);
    EXPECT_THAT(gate.budgets.front().reason, HasSubstr("No trial of head tells it"));
    EXPECT_FALSE(test::is_open(gate, cell_a));
}

TEST(Budget, FailsNobodyForTimesThatTheHypervisorMadeLonger) {
    const auto verdict = [](const char* budget, const char* code) {
        GateResult gate = made_up_gate();
        gate.rules.budgets = {parse_budget(budget)};
        add_pairs_everywhere(gate, 20);
        for (GateTrial* sample : test::samples_of(gate, cell_a, Arm::head))
            sample->warnings = {{code, "It was busy.", WarningKind::disturbed}};
        test::look(gate);
        return gate.budgets.front().verdict;
    };
    EXPECT_EQ(verdict("p50<1us", "steal"), Verdict::inconclusive);
    EXPECT_EQ(verdict("p50<1us", "machine-busy"), Verdict::fail) << "which a server of the user's own may be";
    EXPECT_EQ(verdict("p50<6s", "steal"), Verdict::pass) << "undisturbed it would be shorter still";
    EXPECT_EQ(verdict("p50<6s", "machine-busy"), Verdict::pass);
}

}  // namespace asyncbench::budgets_tests
