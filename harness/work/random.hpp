#pragma once

#include <cstdint>

namespace asyncbench {

/// The finalizer of SplitMix64 (Steele, Lea, Flood: "Fast splittable pseudorandom number generators",
/// OOPSLA 2014): a bijection on 64 bits whose output bits all depend on all input bits.
constexpr std::uint64_t mix64(std::uint64_t x) {
    x += 0x9e3779b97f4a7c15;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
    x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
    return x ^ (x >> 31);
}

/// Random bits that depend on (seed, id, stream) and on nothing else: the same on every machine, in every
/// process and in any order of calls. `stream` separates independent uses for one request.
constexpr std::uint64_t random_bits(std::uint64_t seed, std::uint64_t id, std::uint64_t stream) {
    return mix64(mix64(mix64(seed) + id) + stream);
}

/// Maps 64 random bits to [0, 1), 53 of them used.
constexpr double to_unit(std::uint64_t bits) {
    return static_cast<double>(bits >> 11) * 0x1.0p-53;
}

}  // namespace asyncbench
