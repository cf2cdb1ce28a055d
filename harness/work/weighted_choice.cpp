#include "harness/work/weighted_choice.hpp"

#include <algorithm>

#include "harness/work/random.hpp"

namespace asyncbench {

WeightedChoice::WeightedChoice(const std::vector<std::uint32_t>& weights, std::uint64_t seed,
                               std::uint64_t stream)
    : seed_(seed), stream_(stream) {
    std::uint64_t end = 0;
    for (const std::uint32_t weight : weights) ends_.push_back(end += weight);
}

std::size_t WeightedChoice::of(std::uint64_t id) const {
    if (ends_.size() < 2) return 0;
    const std::uint64_t drawn = random_bits(seed_, id, stream_) % ends_.back();
    return static_cast<std::size_t>(std::upper_bound(ends_.begin(), ends_.end(), drawn) - ends_.begin());
}

}  // namespace asyncbench
