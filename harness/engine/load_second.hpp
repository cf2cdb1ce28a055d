#pragma once

#include <cstdint>
#include <optional>

#include "async/histogram.hpp"
#include "harness/load/measurement.hpp"

namespace asyncbench {

/// What happened in one second of the measured time. Requests count when they end.
struct LoadSecond {
    std::uint32_t second = 0;  ///< from 0
    std::uint64_t sent = 0;
    std::uint64_t answered = 0;
    std::uint64_t errors = 0;
    std::uint64_t received_bytes = 0;
    /// Of the response times; none where nothing was answered and nothing timed out.
    std::optional<std::int64_t> p50_ns = {};
    std::optional<std::int64_t> p90_ns = {};
    std::optional<std::int64_t> p99_ns = {};
    std::optional<std::int64_t> max_ns = {};

    bool operator==(const LoadSecond&) const = default;
};

/// What is known of a load while it goes on: the second that ended last, and all of the measured time.
struct LoadSoFar {
    LoadSecond second;
    std::uint64_t answered = 0;
    ErrorCounts errors;
    Histogram response_time_ns;
};

}  // namespace asyncbench
