#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "analysis/gate/gate_result.hpp"

namespace asyncbench {

/// A trial of a block, in its place.
struct BlockTrial {
    std::size_t subject = 0;  ///< index into GateResult::subjects
    Arm arm = Arm::base;
    std::uint32_t pair = 0;

    bool operator==(const BlockTrial&) const = default;
};

/// The trials of a block of one or two pairs of each subject, the first of them `first_pair`: the subjects in
/// random order, each as ABBA or BAAB, so that a drift within it meets both arms alike. Of one pair AB or BA.
/// A pure function of its arguments; `block` tells blocks of one seed apart.
std::vector<BlockTrial> block_order(std::span<const std::size_t> subjects, std::uint32_t first_pair,
                                    std::uint32_t pairs, std::uint64_t seed, std::uint64_t block);

}  // namespace asyncbench
