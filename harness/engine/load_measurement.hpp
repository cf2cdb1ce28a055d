#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "async/clock.hpp"
#include "async/histogram.hpp"
#include "harness/load/measurement.hpp"

namespace asyncbench {

/// Of the requests in the measured time, what came of one of several that a load sends.
struct RequestMeasurement {
    std::uint64_t answered = 0;  ///< whole responses, of whatever status
    std::uint64_t errors = 0;
    Histogram service_time_ns;  ///< from the send; timeouts included

    RequestMeasurement& operator+=(const RequestMeasurement& other);
};

/// Of more requests than that none is measured apart: each has histograms of its own.
inline constexpr std::size_t most_requests_apart = 100;

/// What one thread of the load generator, or all of them, saw of the requests that started in the measured
/// time.
struct LoadMeasurement {
    std::uint64_t sent = 0;
    std::uint64_t answered = 0;          ///< whole responses, of whatever status
    std::uint64_t answered_in_time = 0;  ///< of those and of earlier requests, within the measured time
    std::uint64_t unfinished = 0;        ///< still open when the generator gave up waiting for the last ones
    std::uint64_t not_sent = 0;          ///< of an open loop: due, and still without a connection at the end
    std::uint64_t sent_late = 0;         ///< of an open loop: due while no connection was free
    std::uint64_t body_bytes = 0;
    std::uint64_t received_bytes = 0;  ///< within the measured time, heads and framing included
    ErrorCounts errors;
    Endings endings;
    std::uint64_t connections_opened = 0;    ///< from the first one on, warm-up included
    std::uint64_t connections_at_start = 0;  ///< that were open when the load began
    std::uint64_t stamped = 0;               ///< answers whose last bytes the kernel stamped
    std::uint64_t wakeups = 0;               ///< how often the threads waited for something to happen

    Histogram service_time_ns;   ///< from the send; timeouts included
    Histogram response_time_ns;  ///< from the intended start; of a closed loop the same
    Histogram overhead_ns;       ///< service time less the time that the target says it held the request
    Histogram first_byte_ns;     ///< from the send to the first byte of the response
    std::uint64_t streams = 0;   ///< responses that came by and by (ChannelHandler::stream_began())
    std::uint64_t events = 0;    ///< of these
    Histogram first_event_ns;    ///< from the send
    Histogram event_gap_ns;      ///< between an event and the next of its stream
    Histogram pick_up_ns;        ///< from the kernel's stamp until the generator looked: its own share
    Histogram connect_ns;        ///< to open a connection, without TLS
    Histogram tls_ns;            ///< handshakes of TLS
    Histogram send_lateness_ns;  ///< of an open loop, of requests for which a connection was free
    /// By their number in the LoadSpec; empty where there is one alone, or more than most_requests_apart.
    std::vector<RequestMeasurement> each_request;

    Nanoseconds elapsed{0};     ///< of the measured time
    Nanoseconds cpu{0};         ///< of the generator's threads, in that time
    double busiest_thread = 0;  ///< share of the measured time that the busiest thread was on a CPU

    /// Adds what another thread saw of the same time.
    LoadMeasurement& operator+=(const LoadMeasurement& other);
};

}  // namespace asyncbench
