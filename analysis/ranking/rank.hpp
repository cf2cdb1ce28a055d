#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "analysis/ranking/order.hpp"
#include "analysis/run_result.hpp"

namespace asyncbench {

/// What strategies are ranked by: throughput; in an open loop, whose rate is given, the 99th percentile of
/// the response time.
std::string_view ranking_metric(const Scenario& scenario);

/// Which blocks a judgement is of, and what it may spend.
struct JudgedBlocks {
    std::vector<std::uint32_t> blocks;
    double alpha = 0;
    std::uint32_t look = 0;
};

constexpr double least_difference_on_quiet_machine = 0.02;
constexpr double least_difference_on_busy_machine = 0.08;

/// How far from 1 the medians of an order of speed must lie, as a share. A machine is busy where more than a
/// quarter of the judged blocks are disturbed. There it is more, as long as the metric cpu_wait_share of a
/// disturbed trial is unknown: what the scheduler did to that strategy cannot be taken out.
double least_difference_of_speed(const std::vector<Trial>& trials,
                                 const std::vector<std::uint32_t>& judged_blocks);

/// Answers the questions of a run (questions_of) at its highest concurrency, from the trials of the judged
/// blocks. Pure. An order holds where all of this does:
///   1. the exact sign test on the ratios within blocks, adjusted by Holm over all questions, is at most
///      alpha;
///   2. so is that on the ratios with the target's lateness taken out, on the same side (an
///      intersection-union test, which needs no share of alpha: Berger, "Multiparameter Hypothesis Testing
///      and Acceptance Sampling", 1982);
///   3. so is, of speed, that on the punctual ratios with the waits for a CPU given back;
///   4. all medians are as far from 1 as least_difference_of_speed() says, of other metrics 2 %.
/// On rule 3: in a disturbed trial whose threads waited for a CPU in a share w of their time, a turn may have
/// been as short as 1 - w of what it was. Beside other programs the scheduler gives more of the CPU to a
/// program with more threads. Next to one that spins, a thread pool did 3 to 15 % more than callbacks, whose
/// loop waited in 30 % of its time; on a quiet machine it did not (docs/measured/answers-under-noise.md).
/// Such an order is true there and then, and says nothing of the strategies.
/// A limited trial may win, as its value is a bound, and never lose: where it would, its block is counted
/// against the order. For likeness it counts as the most extreme value, as nobody knows how far beyond the
/// bound the true one lies. Identical strategies are ordered with a chance of at most alpha under any noise,
/// as long as the order within a block is drawn at random and trials carry nothing over.
Ranking rank(const RunResult& run, const JudgedBlocks& judgement);

/// The run's own judgement, made from its trials and cells as they are now.
Ranking judged_again(const RunResult& run);

/// Whether the slower one of an order that is not shown may be the faster one without its waits for a CPU.
bool turns_with_waits_given_back(const Order& order);

}  // namespace asyncbench
