#pragma once

#include <cstdint>
#include <vector>

#include "async/detect/finding.hpp"
#include "async/histogram.hpp"

namespace asyncbench {

/// A finding and how often it was made: findings of the same kind, creation site and function are the same.
struct CountedFinding {
    Finding first;  ///< of stalls the longest
    std::uint64_t count = 0;
};

/// What all detectors found while they were on. A value: can be written to a file and read back.
struct Diagnosis {
    static constexpr std::size_t most_findings = 50;

    std::vector<CountedFinding> findings;  ///< in the order they first came, at most `most_findings`
    std::uint64_t not_listed = 0;          ///< findings beyond that number
    std::uint64_t suppressed = 0;          ///< stalls not reported because of the rate limit
    Histogram stalls_ns;                   ///< stretches of a loop without a wait, over the threshold
    Histogram lag_ns;                      ///< how late the loops ran what was ready

    /// Counts `finding` `count` times; a further report of the same stall not at all. Whether it is the first
    /// of its like.
    bool add(const Finding& finding, std::uint64_t count = 1);
    Diagnosis& operator+=(const Diagnosis& other);

    std::uint64_t count_of(Finding::Kind kind) const;
    /// Whether nothing was found, listed or not.
    bool clean() const { return findings.empty() && not_listed == 0; }
};

}  // namespace asyncbench
