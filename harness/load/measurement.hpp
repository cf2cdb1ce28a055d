#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "async/clock.hpp"
#include "async/histogram.hpp"
#include "harness/work/fingerprint.hpp"

namespace asyncbench {

/// Something other than an answer that came of a strategy's work: requests it never sent, errors it raised,
/// exceptions it lost. A strategy that tells of one accounts for the requests that are missing.
struct Outcome {
    std::string code;         ///< stable, for programs: `not-sent`, `error-raised`, `gave-up`, ...
    std::uint64_t count = 0;  ///< how often
    std::string message;      ///< one sentence for people, with its numbers

    bool operator==(const Outcome&) const = default;
};

/// Failed requests by class. A foreseen failure (the profile asked for it) counts here too.
struct ErrorCounts {
    std::uint64_t status = 0;      ///< a response with a status of 400 or more
    std::uint64_t connect = 0;     ///< no connection
    std::uint64_t timeout = 0;     ///< no whole response within the timeout
    std::uint64_t closed = 0;      ///< connection ended before the whole response
    std::uint64_t content = 0;     ///< wrong length, tag or status, or a response where none was to come
    std::uint64_t other = 0;       ///< anything else the client library reported
    std::uint64_t unforeseen = 0;  ///< how many of all above the profile did not ask for

    std::uint64_t total() const { return status + connect + timeout + closed + content + other; }
    ErrorCounts& operator+=(const ErrorCounts& more);
    bool operator==(const ErrorCounts&) const = default;
};

enum class ErrorClass { status, connect, timeout, closed, content, other };

/// All of them, in the order shown.
inline constexpr std::array all_error_classes{ErrorClass::status, ErrorClass::connect, ErrorClass::timeout,
                                              ErrorClass::closed, ErrorClass::content, ErrorClass::other};

/// `connect`
std::string_view name_of(ErrorClass error);
std::uint64_t ErrorCounts::* counter_of(ErrorClass error);
std::uint64_t count_of(const ErrorCounts& errors, ErrorClass error);

/// Why requests failed, in words: the client library's, or what was wrong with the response.
struct FailureReason {
    ErrorClass error = ErrorClass::other;
    std::string message;  ///< durations and sizes are `N`; empty: for reasons beyond those that are kept
    std::uint64_t count = 0;

    bool operator==(const FailureReason&) const = default;
};

/// How requests ended. A program that does not tell has none of it.
struct Endings {
    std::map<int, std::uint64_t> statuses;  ///< whole responses by status, right ones included
    std::vector<FailureReason> reasons;     ///< each once, the commonest first
    std::string redirect;                   ///< where the first response leads that redirects

    void add(const FailureReason& reason);
    Endings& operator+=(const Endings& other);
    bool operator==(const Endings&) const = default;
};

/// One request on the timeline; times since the trial's start.
struct TimelineEntry {
    std::uint64_t id = 0;
    Nanoseconds intended{0};
    Nanoseconds sent{0};
    Nanoseconds done{0};

    bool operator==(const TimelineEntry&) const = default;
};

/// What the recorder saw of one run of a strategy.
struct Measurement {
    std::uint64_t requests = 0;  ///< ended, failed ones included
    Fingerprint received;        ///< whole responses
    ErrorCounts errors;
    Endings endings;
    std::uint64_t received_body_bytes = 0;  ///< of whole responses
    std::uint64_t connections = 0;
    std::uint64_t peak_in_flight = 0;  ///< most requests between begin() and end() at once
    Nanoseconds elapsed{0};            ///< from the plan's start to the last end of a request
    Histogram service_time_ns;         ///< from the actual send
    Histogram response_time_ns;        ///< from the intended start
    Histogram overhead_ns;             ///< service time less the time that the target held the request
    Histogram punctual_response_ns;    ///< open loop: response time less the target's lateness
    Histogram send_lateness_ns;        ///< of requests whose sender had time to be punctual (open loop)
    std::uint64_t sent_late = 0;       ///< requests of an open loop that found no free user in time
    std::vector<TimelineEntry> timeline;
};

}  // namespace asyncbench
