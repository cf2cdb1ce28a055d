#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "analysis/gate/gate_result.hpp"

namespace asyncbench {

/// One trial of each arm, measured one after the other.
struct SamplePair {
    GateSample base;
    GateSample head;
};

/// What a paired gate with one cell would have said.
struct ReplayedSuite {
    Verdict verdict = Verdict::inconclusive;
    std::size_t pairs = 0;  ///< that it took, those that confirm included
    bool control_moved = false;
    std::vector<GateLine> lines;
};

/// Judges pairs that were measured already, from the first on, by the procedure of run_paired_gate()
/// (looks.hpp), which gives up on an arm, too: what it needs more, it takes, and nothing where there are not
/// enough. `control` holds
/// the pairs of the control of the same blocks. Pure.
std::optional<ReplayedSuite> replay_suite(const GateRules& rules, const GateSubject& cell,
                                          std::span<const SamplePair> pairs, const GateSubject& control_cell,
                                          std::span<const SamplePair> control);

}  // namespace asyncbench
