#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "harness/trial/run_result.hpp"

namespace asyncbench {

/// Cells at one concurrency between which no difference is shown, best first.
using Group = std::vector<const Cell*>;

/// What a run ranks its strategies by: throughput, or where the rate is given (open loop) the p99 response
/// time.
std::string_view ranking_metric(const RunResult& run);

/// Whether a warning of the run itself invalidates it, so that no cell counts, whatever its trials were.
bool is_invalid_as_a_whole(const RunResult& run);

/// Whether the cell counts: it is valid, and so is the run as a whole.
bool is_valid(const RunResult& run, const Cell& cell);

/// The valid cells at one concurrency, best group first. Two cells are apart where their paired comparison
/// says so, or, without one of enough pairs, where their intervals do not overlap, and never where both
/// values print alike; a group holds cells that a chain of "not apart" joins, so that no rank is claimed
/// inside it. Cells with too few trials for a rank (see can_rank) are the last group. Invalid cells are in no
/// group.
std::vector<Group> ranked_groups(const RunResult& run, std::uint32_t concurrency);

/// Whether no two of the group are apart, and no two intervals lie apart where pairs leave that open; else
/// only its order is unknown.
bool is_alike(const RunResult& run, const Group& group);

/// Whether the interval has the confidence that a rank needs (least_confidence_to_rank).
bool can_rank(const Estimate& estimate);

/// The same of the cell's value of the metric, which it has.
bool can_be_ranked(const Cell& cell, std::string_view metric);

/// Whether the two are apart, as ranked_groups() has it, at the cell's concurrency; false where one has no
/// value.
bool differs_from(const RunResult& run, const Cell& cell, const StrategySpec& base);

/// The concurrencies of the run's cells, ascending, each once.
std::vector<std::uint32_t> concurrencies_of(const RunResult& run);

}  // namespace asyncbench
