#pragma once

#include <cstdint>
#include <limits>
#include <vector>

#include "async/clock.hpp"
#include "harness/work/units.hpp"

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

inline constexpr Limits<std::uint64_t> concurrency_limits{1, 1'000'000, "from 1 to 1000000"};
inline constexpr Limits<std::uint64_t> requests_limits{1, 1'000'000'000, "from 1 to 1000000000"};
inline constexpr Limits<double> rate_limits{std::numeric_limits<double>::min(), 1e9,
                                            "over 0, and at most 1000000000"};

/// When the requests of an open loop start, ascending, from the plan's start. Stands before the run, so that
/// being late cannot change it.
///
/// Constant arrivals are k / rate for every k with k / rate < duration: 100 a second for 1 s are 100, 1.75 a
/// second for 2 s are 4. Poisson arrivals have exponential gaps with the same mean, drawn from the seed.
/// Throws UsageError where rate or duration are 0 or more than 50 million requests come out.
std::vector<Nanoseconds> arrival_times(const PlanSpec& spec, std::uint64_t seed);

}  // namespace asyncbench
