#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace asyncbench {

/// Draws one of several things by their weights: from the seed, a stream of its random numbers and an id
/// alone, so that the order of calls does not matter.
class WeightedChoice {
  public:
    /// `stream` as in random_bits(); weights are over 0.
    WeightedChoice(const std::vector<std::uint32_t>& weights, std::uint64_t seed, std::uint64_t stream);

    /// The place of the one that is drawn; 0 where there is nothing to choose from.
    std::size_t of(std::uint64_t id) const;

  private:
    std::vector<std::uint64_t> ends_;  ///< of their shares in the sum of the weights
    std::uint64_t seed_;
    std::uint64_t stream_;
};

}  // namespace asyncbench
