#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "analysis/gate/evidence.hpp"
#include "analysis/gate/gate_result.hpp"
#include "analysis/stats/paired_test.hpp"

namespace asyncbench {

/// What the gate concludes of what it measured.
struct Judgement {
    std::vector<GateLine> lines;
    std::vector<BudgetLine> budgets;
    std::optional<GateControl> control;
    std::vector<Warning> warnings;
};

/// Judges all that was measured in pairs and counted runs. A pure function. Each look is judged by the pairs
/// that it had, and what it decides stays. Then the fresh batch alone judges what failed. Where nothing more
/// is measured, a verdict is taken back that does not stand by what came after it.
///
/// The fresh batch is one look and may spend the whole alpha, and each line is judged by itself: the looks
/// before it have kept the family's chance of a false FAIL already. What does not fail again is INCONCLUSIVE,
/// but where head could not be measured again it is no less a FAIL.
Judgement judge(const GateRules& rules, const GateEvidence& evidence, const GateStage& stage);

/// Puts into a result what judge() says of what it holds, behind its notes.
void conclude(GateResult& result);

/// Whether more pairs of the subject can decide what is not decided yet.
bool is_open(const Judgement& judgement, const GateEvidence& evidence, std::size_t subject);
/// Lines and budgets without a verdict.
std::size_t open_lines(const Judgement& judgement);

/// A subject, and of how many pairs of it something is to be judged.
struct PairsWanted {
    std::size_t subject = 0;
    std::size_t pairs = 0;

    bool operator==(const PairsWanted&) const = default;
};
/// Subjects that have a line or a budget to confirm, with as many pairs as the last of them failed after. A
/// worsening that needed the last look would rarely show in the pairs of the first.
std::vector<PairsWanted> pairs_to_confirm(const Judgement& judgement);

/// The lines of the counts of one subject, by its counted runs; empty where these are not whole. What failed
/// and was counted again fails if all runs together show it.
std::vector<GateLine> judge_counted_runs(const GateRules& rules, const GateEvidence& evidence,
                                         std::size_t subject);

// For gates that have no pairs, too:

/// Of the interval, so that each of its ends holds at the alpha of the look; a PASS rests on one end.
double confidence_for(double alpha);

/// What was tested of a line, and with the arms exchanged.
struct LineTest {
    PairedTest test;
    PairedTest of_better;
    Tolerance tolerance;
    std::string rests_on;  ///< `20 pairs`, `10 values of base and 9 of head`
};
struct LineVerdict {
    double p_worse = 1;  ///< adjusted over the family
    Verdict verdict = Verdict::inconclusive;
    bool improved = false;
    std::string reason;
};
/// By Holm's method over the family.
std::vector<LineVerdict> judge_family(std::span<const LineTest> family, double alpha);

/// Whether the rule is that of `errors`, which count over all trials.
bool is_of_errors(const MetricRule& rule);
/// Whether counted runs alone decide by the rule.
bool is_of_counted_runs(const MetricRule& rule);
/// `measured_again`: whether a fresh batch or counted runs of the cell came after what is judged.
GateLine judge_errors(GateLine line, const GateRules& rules, const GateEvidence& evidence,
                      bool measured_again);

/// By the median of head in the first batch.
BudgetLine judge_budget(BudgetLine line, const GateEvidence& evidence, double confidence);

}  // namespace asyncbench
