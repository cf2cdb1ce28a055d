#pragma once

#include <string>
#include <vector>

#include "harness/trial/run_result.hpp"

namespace asyncbench {

/// Cells at one concurrency between which no difference is shown, best first.
using Group = std::vector<const Cell*>;

/// What a run ranks its strategies by: throughput, or where the rate is given (open loop) the p99 response
/// time.
std::string_view ranking_metric(const RunResult& run);

/// The valid cells at one concurrency, best group first. Two cells are apart where their paired comparison
/// says so, or, without one, where their intervals do not overlap, and never where both values print alike; a
/// group holds cells that a chain of "not apart" joins, so that no rank is claimed inside it. Cells with too
/// few trials for a rank (see can_rank) are the last group. Invalid cells are in no group.
std::vector<Group> ranked_groups(const RunResult& run, std::uint32_t concurrency);

/// Whether the interval has the confidence, 0.9 or more, that a rank needs.
bool can_rank(const Estimate& estimate);

/// Whether the two are apart, as ranked_groups() has it, at the cell's concurrency; false where one has no
/// value.
bool differs_from(const RunResult& run, const Cell& cell, const StrategySpec& base);

/// The concurrencies of the run's cells, ascending, each once.
std::vector<std::uint32_t> concurrencies_of(const RunResult& run);

/// What the run says about its question, in sentences for people, the most important first. Claims no rank
/// where no difference is shown, and says what was left out because its measurement is not valid.
std::vector<std::string> answer(const RunResult& run);

/// `1 trial`, `5 trials`
std::string counted(std::uint64_t count, std::string_view noun);

}  // namespace asyncbench
