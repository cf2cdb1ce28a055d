#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "async/histogram.hpp"
#include "harness/engine/http_version.hpp"
#include "harness/engine/io_kind.hpp"
#include "harness/engine/load_second.hpp"

namespace asyncbench {

/// What came of one of several requests of a load.
struct RequestView {
    std::string name;            ///< of a step, or `GET /path`
    std::uint64_t answered = 0;  ///< whole responses, of whatever status
    std::uint64_t errors = 0;
    Histogram service_time_ns;  ///< from the send; timeouts included
};

/// What the load generator tells of a trial besides what every strategy tells.
struct LoadView {
    IoKind io = IoKind::uring;
    HttpVersion http = HttpVersion::http1;  ///< that was spoken, and is not `negotiated`
    std::string why_no_uring;               ///< empty where it was not wanted, or is there
    std::uint32_t threads = 1;
    std::uint64_t sent = 0;
    std::uint64_t answered_in_time = 0;      ///< whole responses within the measured time
    std::uint64_t unfinished = 0;            ///< requests that were open when the generator stopped waiting
    std::uint64_t not_sent = 0;              ///< of an open loop: due, and without a connection until the end
    std::uint64_t sent_late = 0;             ///< of an open loop: due while no connection was free
    std::uint64_t received_bytes = 0;        ///< within the measured time, heads and framing included
    std::uint64_t connections_at_start = 0;  ///< that were open when the load began
    std::uint64_t stamped = 0;               ///< responses whose last bytes the kernel stamped
    std::uint64_t wakeups = 0;               ///< how often the threads waited
    double busiest_thread = 0;               ///< share of the measured time for which it was on a CPU
    Histogram first_byte_ns;                 ///< from the send to the first byte of the response
    Histogram connect_ns;
    Histogram tls_ns;
    std::uint64_t streams = 0;   ///< responses that came by and by (ChannelHandler::stream_began())
    std::uint64_t events = 0;    ///< of these
    Histogram first_event_ns;    ///< from the send
    Histogram event_gap_ns;      ///< between an event and the next of its stream
    Histogram pick_up_ns;        ///< from the kernel's stamp until the generator looked
    Histogram send_lateness_ns;  ///< of an open loop: of requests for which a connection was free
    std::vector<RequestView> each_request;  ///< in the order of the file; empty of one alone, and of many
    std::vector<LoadSecond> seconds;
};

}  // namespace asyncbench
