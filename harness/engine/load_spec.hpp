#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "async/clock.hpp"
#include "harness/engine/io.hpp"
#include "harness/engine/load_request.hpp"
#include "harness/engine/pacer.hpp"
#include "harness/engine/socket_address.hpp"
#include "harness/engine/tls_context.hpp"
#include "harness/engine/variables.hpp"
#include "harness/http/expected_status.hpp"

namespace asyncbench {

/// What HTTP/2 has that HTTP/1.1 has not.
struct Http2Spec {
    std::uint32_t streams = 1;  ///< at most, at once on a connection
};

/// What the load generator does, as a value.
struct LoadSpec {
    std::vector<LoadRequest> targets = std::vector<LoadRequest>(1);  ///< at least one
    RequestOrder order = RequestOrder::in_turn;
    VariableSet variables;                        ///< that stand in the targets
    std::optional<Http2Spec> http2 = {};          ///< none: HTTP/1.1
    std::optional<TlsContext::Options> tls = {};  ///< between the connections and HTTP
    std::vector<SocketAddress> addresses;         ///< dealt out to the connections in turn

    std::uint32_t connections = 50;
    std::uint32_t threads = 1;     ///< at most `connections`
    bool keep_alive = true;        ///< false: a new connection for each request, which is part of its time
    ExpectedStatus expected = {};  ///< a response with another status is an error

    /// An open loop: requests start by this rate, whether or not earlier ones are answered. Empty: a closed
    /// loop, in which each connection sends its next request when its last one is answered.
    std::vector<LoadStage> stages;
    /// Of a closed loop: how many of the connections send requests, over time. Empty: all of them.
    std::vector<LoadStage> connection_stages = {};
    Arrivals arrivals = Arrivals::constant;
    std::uint64_t seed = 1;

    Nanoseconds warmup{std::chrono::seconds{1}};  ///< not measured
    Nanoseconds duration{
        std::chrono::seconds{10}};  ///< no request starts later; of an open loop, of all stages
    std::uint64_t requests = 0;     ///< of a closed loop: so many in place of `duration`, unless 0
    Nanoseconds timeout{
        std::chrono::seconds{10}};  ///< of one request, and for the requests that are open at the end
    /// A stream (ChannelHandler::stream_began()) is read for so long from its first byte, then ended, and
    /// counts as answered. The end of the warm-up and of the measured time end it, too. 0: it has to end by
    /// itself.
    Nanoseconds stream_for{0};
    /// After an interruption no request is waited for any longer.
    Nanoseconds drain{std::chrono::seconds{1}};

    IoKind io = IoKind::uring;
    bool coalesce = true;  ///< wait for several responses at once where that changes no measured latency
};

/// How many of `whole` things the generator with this share has.
std::uint64_t share_of(std::uint64_t whole, Pacer::Share share);

/// That its connection of that number is opened to.
const SocketAddress& address_for(const LoadSpec& spec, Pacer::Share share, std::uint32_t connection);

}  // namespace asyncbench
