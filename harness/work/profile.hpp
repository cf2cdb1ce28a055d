#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "harness/work/delay_spec.hpp"
#include "harness/work/units.hpp"

namespace asyncbench {

/// Shares of requests that meet a fault of the transport, each in [0, 1], together at most 1.
struct FaultShares {
    double close = 0;     ///< connection closed before the response
    double truncate = 0;  ///< connection closed in the middle of the body
    double stall = 0;     ///< never answered; the target keeps the connection open
    double dribble = 0;   ///< answered right, in eight pieces spread over the request's delay once more

    /// `close:0.01,stall:0.001`; empty text is no fault. Throws UsageError.
    static FaultShares parse(std::string_view text);
    std::string text() const;
    double sum() const { return close + truncate + stall + dribble; }
    bool operator==(const FaultShares&) const = default;
};

/// What the requests of a run are like. With a seed it decides every single reply (reply.hpp).
struct Profile {
    DelaySpec delay;
    std::uint64_t payload_bytes = 1024;  ///< length of every body
    double error_rate = 0;               ///< share of requests answered with status 500
    FaultShares faults;
    Nanoseconds compute{0};  ///< CPU time the client burns on each response

    bool operator==(const Profile&) const = default;
};

inline constexpr Limits<std::uint64_t> payload_limits{0, std::uint64_t{1} << 30, "at most 1 GiB"};
inline constexpr Limits<Nanoseconds> compute_limits{Nanoseconds{0}, std::chrono::seconds{10}, "at most 10s"};

/// Throws UsageError where a value is outside its range or the shares sum to more than 1.
void check(const Profile& profile);

}  // namespace asyncbench
