#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "analysis/gate/evidence.hpp"
#include "analysis/gate/gate_result.hpp"
#include "analysis/stats/paired_test.hpp"

// What is judged in the same way with pairs and without them: the family of tested lines, errors, budgets.

namespace asyncbench {

/// Of an interval, so that each of its ends holds at the alpha of the look. A PASS rests on one end.
double confidence_for(double alpha);

/// What was tested of a line, and the same with the arms exchanged.
struct LineTest {
    PairedTest test;
    PairedTest of_better;
    Tolerance tolerance;
    std::string rests_on;  ///< `20 pairs`, `10 values of base and 9 of head`
};
/// Of a test, and of the p-value with the arms exchanged.
LineTest line_test(const PairedTest& test, double p_better, const Tolerance& tolerance, std::string rests_on);
struct LineVerdict {
    double p_worse = 1;  ///< adjusted over the family
    Verdict verdict = Verdict::inconclusive;
    bool improved = false;
    std::string reason;
};
/// By Holm's method over the family.
std::vector<LineVerdict> judge_family(std::span<const LineTest> family, double alpha);

/// `3.1 % worse`, `0.2 % better`, of a worsening as worsenings() has it (paired_values.hpp).
std::string text_of_change(double worsening);
/// `0.2 % better to 3.1 % worse`
std::string text_of_interval(const Estimate& worsening);

/// Whether the rule is that of `errors`, which count over all trials.
bool is_of_errors(const MetricRule& rule);
/// Whether the line is decided by its pairs.
bool is_of_pairs(const GateLine& line);
/// Whether counted runs alone decide by the rule.
bool is_of_counted_runs(const MetricRule& rule);
/// With the failed requests of each arm as its values.
GateLine with_counts_of_errors(GateLine line, const GateEvidence& evidence);
/// `measured_again`: whether a fresh batch or counted runs of the cell came after what is judged.
GateLine judge_errors(GateLine line, const GateRules& rules, const GateEvidence& evidence,
                      bool measured_again);
/// For each subject whether its line of errors fails.
std::vector<bool> fail_by_errors(const std::vector<GateLine>& lines, std::size_t subjects);

/// With the median of head in the first batch as its value.
BudgetLine with_value_of_head(BudgetLine line, const GateEvidence& evidence, double confidence);
/// By that median.
BudgetLine judge_budget(BudgetLine line, const GateEvidence& evidence, double confidence);
/// One that failed, by the fresh batch.
BudgetLine budget_measured_again(BudgetLine line, const GateEvidence& evidence, double confidence);

}  // namespace asyncbench
