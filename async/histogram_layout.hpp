#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>

/// Where a value is counted: HdrHistogram's layout for lowest discernible value 1 (unit magnitude 0) and
/// 3 significant digits. Bucket 0 counts the values 0 to 2047 one by one; each further bucket spans twice the
/// range of the one before in 1024 equal steps, so that a step is never wider than 0.1 % of its values.
/// Source: HdrHistogram 2.1, AbstractHistogram.
namespace asyncbench::histogram_layout {

inline constexpr int sub_bucket_magnitude =
    11;  // 2048 >= 2 * 10^3: the digits hold at either end of a bucket
inline constexpr std::int64_t sub_bucket_count = std::int64_t{1} << sub_bucket_magnitude;
inline constexpr std::int64_t sub_bucket_half = sub_bucket_count / 2;
inline constexpr std::int64_t highest_value = (std::int64_t{1} << 42) - 1;

constexpr std::int64_t clamp(std::int64_t value) {
    return std::clamp(value, std::int64_t{0}, highest_value);
}

/// Of a value in [0, highest_value].
constexpr std::size_t index_of(std::int64_t value) {
    const auto bits = static_cast<std::uint64_t>(value | (sub_bucket_count - 1));
    const int bucket = 64 - sub_bucket_magnitude - std::countl_zero(bits);
    return static_cast<std::size_t>((bucket + 1) * sub_bucket_half + (value >> bucket) - sub_bucket_half);
}

/// How many counters cover 0 to highest_value.
inline constexpr std::size_t size = index_of(highest_value) + 1;

/// log2 of how many values share the counter.
constexpr int step_magnitude(std::size_t index) {
    const auto half = static_cast<std::size_t>(sub_bucket_half);
    return index < 2 * half ? 0 : static_cast<int>(index / half) - 1;
}

constexpr std::int64_t lowest_equivalent(std::size_t index) {
    const int magnitude = step_magnitude(index);
    const auto sub_bucket = static_cast<std::int64_t>(index) - magnitude * sub_bucket_half;
    return sub_bucket << magnitude;
}

constexpr std::int64_t highest_equivalent(std::size_t index) {
    return lowest_equivalent(index) + (std::int64_t{1} << step_magnitude(index)) - 1;
}

/// The middle of the values that share the counter, rounded up.
constexpr std::int64_t median_equivalent(std::size_t index) {
    return lowest_equivalent(index) + (std::int64_t{1} << step_magnitude(index)) / 2;
}

}  // namespace asyncbench::histogram_layout
