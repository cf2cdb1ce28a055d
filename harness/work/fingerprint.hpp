#pragma once

#include <cstdint>

#include "harness/work/random.hpp"

namespace asyncbench {

/// What was done, whatever the order: how many requests, and the sum of mix64(id) modulo 2^64.
/// A sum, not an exclusive or: an id served twice must not vanish.
struct Fingerprint {
    std::uint64_t count = 0;
    std::uint64_t sum = 0;

    void add(std::uint64_t id) {
        ++count;
        sum += mix64(id);
    }
    Fingerprint& operator+=(const Fingerprint& other) {
        count += other.count;
        sum += other.sum;
        return *this;
    }
    bool operator==(const Fingerprint&) const = default;
};

}  // namespace asyncbench
