#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "analysis/gate/evidence.hpp"
#include "analysis/gate/gate_result.hpp"

namespace asyncbench {

/// One metric in the runs of one cell, in the order counted.
struct CountedRuns {
    std::vector<double> base;
    std::vector<double> head;
    std::string base_unknown;  ///< why a run of base does not tell it; empty where each does
    std::string head_unknown;
    std::string lost = {};  ///< why a run of either arm is no count of this work; empty where none is lost
};

/// Fills and decides a line of counted runs. Pure.
///
/// Where a run was lost, or some runs tell the count and others do not, nothing is decided: INCONCLUSIVE.
/// Where base tells it in none, and the rule does not ask for it by name, the line is LineStanding::not_told.
///
/// What is neither better high nor low is the work itself: PASS where it is equal, else INCONCLUSIVE.
///
/// With a tolerance: FAIL where the medians differ by it and every run of head is worse than every run of
/// base; of n runs each, the latter alone happens to equal arms in 1 of C(2n, n) gates (1/20 of three, 1/924
/// of six). PASS where the medians differ by less and the runs of each arm agree to twice the tolerance.
///
/// With a tolerance of 0: where the runs of each arm agree, equal or better is PASS and worse is FAIL. Where
/// they do not, the count is not exact here: FAIL as with a tolerance of 2 %; INCONCLUSIVE where base's runs
/// agree and head has a worse one; else LineStanding::not_exact.
void judge_counts(GateLine& line, const CountedRuns& runs);

/// The lines of the counts of one subject, by its counted runs; empty where these are not whole. What failed
/// and was counted again fails if all runs together show it.
std::vector<GateLine> judge_counted_runs(const GateRules& rules, const GateEvidence& evidence,
                                         std::size_t subject);

}  // namespace asyncbench
