#include "analysis/stats/holm.hpp"

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <stdexcept>

namespace asyncbench {

std::vector<double> holm_adjusted(std::span<const double> p_values) {
    if (!std::all_of(p_values.begin(), p_values.end(), [](double p) { return p >= 0 && p <= 1; })) {
        throw std::invalid_argument("Holm's procedure on a p-value outside [0, 1]");
    }
    std::vector<std::size_t> ascending(p_values.size());
    std::iota(ascending.begin(), ascending.end(), std::size_t{0});
    std::sort(ascending.begin(), ascending.end(),
              [&](std::size_t one, std::size_t other) { return p_values[one] < p_values[other]; });
    std::vector<double> adjusted(p_values.size());
    double largest = 0;  // so far: what is rejected after another is never more significant than it
    auto hypotheses_left = static_cast<double>(p_values.size());
    for (const std::size_t index : ascending) {
        largest = std::max(largest, std::min(hypotheses_left * p_values[index], 1.0));
        adjusted[index] = largest;
        --hypotheses_left;
    }
    return adjusted;
}

}  // namespace asyncbench
