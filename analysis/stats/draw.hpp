#pragma once

#include <cstddef>
#include <random>
#include <span>
#include <utility>

namespace asyncbench {

/// A number below `bound`, the same on every machine: std::uniform_int_distribution differs between standard
/// libraries. Its bias is below bound / 2^53.
inline std::size_t draw_below(std::mt19937_64& random, std::size_t bound) {
    const double unit = static_cast<double>(random() >> 11U) * 0x1.0p-53;
    return static_cast<std::size_t>(unit * static_cast<double>(bound));
}

/// Fisher and Yates.
inline void shuffle(std::mt19937_64& random, std::span<double> values) {
    for (std::size_t left = values.size(); left > 1; --left) {
        std::swap(values[left - 1], values[draw_below(random, left)]);
    }
}

}  // namespace asyncbench
