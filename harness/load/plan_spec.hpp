#pragma once

#include <cstdint>
#include <optional>

#include "async/clock.hpp"

namespace asyncbench {

enum class PlanKind {
    batch,   ///< start `requests` at once (at most `concurrency` together), wait for all: asyncio.gather
    closed,  ///< `concurrency` users, each sends its next request when its last one is answered
    open,    ///< requests start by a schedule of `rate_rps`, whether or not earlier ones are answered
};

enum class Arrivals { constant, poisson };

/// What a trial does, as a value.
struct PlanSpec {
    PlanKind kind = PlanKind::closed;
    std::uint32_t concurrency = 64;  ///< the most requests in flight at once
    std::uint64_t requests = 0;      ///< batch
    Nanoseconds duration{0};         ///< closed and open: no request starts later than this
    double rate_rps = 0;             ///< open: total over all users
    Arrivals arrivals = Arrivals::constant;

    bool operator==(const PlanSpec&) const = default;
};

}  // namespace asyncbench
