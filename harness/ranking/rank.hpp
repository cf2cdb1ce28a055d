#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "harness/ranking/order.hpp"
#include "harness/trial/run_result.hpp"

namespace asyncbench {

/// What strategies are ranked by: throughput; in an open loop, whose rate is given, the 99th percentile of
/// the response time.
std::string_view ranking_metric(const Scenario& scenario);

/// Which blocks a judgement is of, and what it may spend.
struct Judgement {
    std::vector<std::uint32_t> blocks;
    double alpha = 0;
    std::uint32_t look = 0;
};

/// Answers the questions of a run (questions_of) at its highest concurrency, from the trials of the judged
/// blocks. Pure. An order holds where all of this does:
///   1. the exact sign test on the ratios within blocks, adjusted by Holm over all questions, is at most
///   alpha;
///   2. so is that on the ratios with the target's lateness taken out, on the same side (an
///   intersection-union
///      test, which needs no share of alpha: Berger, "Multiparameter Hypothesis Testing and Acceptance
///      Sampling", 1982);
///   3. both medians are 2 % or more from 1.
/// A limited trial may win, as its value is a bound, and never lose: where it would, its block is counted
/// against the order. For likeness it counts as the most extreme value, as nobody knows how far beyond the
/// bound the true one lies. Identical strategies are ordered with a chance of at most alpha under any noise,
/// as long as the order within a block is drawn at random and trials carry nothing over.
Ranking rank(const RunResult& run, const Judgement& judgement);

}  // namespace asyncbench
