#include "cli/gate/block_order.hpp"

#include <utility>

#include "harness/work/random.hpp"

namespace asyncbench {
namespace {

/// Apart from the streams that replies, arrivals and the order of a run use.
constexpr std::uint64_t order_stream = 1ULL << 32;
constexpr std::uint64_t arm_stream = order_stream << 1;

/// Fisher and Yates.
void shuffle(std::vector<std::size_t>& subjects, std::uint64_t seed, std::uint64_t block) {
    for (std::size_t i = subjects.size(); i > 1; --i) {
        std::swap(subjects[i - 1], subjects[random_bits(seed, block, order_stream + i) % i]);
    }
}

Arm other(Arm arm) {
    return arm == Arm::base ? Arm::head : Arm::base;
}

}  // namespace

std::vector<BlockTrial> block_order(std::span<const std::size_t> subjects, std::uint32_t first_pair,
                                    std::uint32_t pairs, std::uint64_t seed, std::uint64_t block) {
    std::vector<std::size_t> shuffled(subjects.begin(), subjects.end());
    shuffle(shuffled, seed, block);
    std::vector<BlockTrial> trials;
    for (const std::size_t subject : shuffled) {
        Arm first = random_bits(seed, block, arm_stream + subject) % 2 == 0 ? Arm::base : Arm::head;
        for (std::uint32_t pair = first_pair; pair < first_pair + pairs; ++pair) {
            trials.push_back({subject, first, pair});
            trials.push_back({subject, other(first), pair});
            first = other(first);
        }
    }
    return trials;
}

}  // namespace asyncbench
