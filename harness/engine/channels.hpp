#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

#include "async/clock.hpp"
#include "harness/engine/io.hpp"
#include "harness/engine/load_spec.hpp"
#include "harness/engine/outgoing_request.hpp"
#include "harness/engine/pacer.hpp"
#include "harness/engine/response_summary.hpp"
#include "harness/load/measurement.hpp"
#include "harness/measure/arrival.hpp"

namespace asyncbench {

/// Number of a channel, from 0. A channel carries one request at a time: a connection of HTTP/1.1 is one, and
/// one of HTTP/2 is as many as it may have streams at once.
using ChannelId = std::uint32_t;

/// Hears what happened on channels. Called from Channels::wait() alone. May call every function of the
/// Channels but wait().
class ChannelHandler {
  public:
    /// Of a connection, whose channels hear of it after that.
    virtual void connection_opened(Nanoseconds connect, Nanoseconds tls) = 0;
    /// open() succeeded, or did not.
    virtual void opened(ChannelId channel, const Opened& how) = 0;
    virtual void received(std::size_t bytes) = 0;
    /// The first bytes of the response to the channel's request came.
    virtual void response_began(ChannelId channel, TimePoint arrival) = 0;
    /// That response is a stream, which comes by and by: text/event-stream, or of a length that its head does
    /// not say (chunked, of HTTP/1.1).
    virtual void stream_began(ChannelId channel) = 0;
    /// So many events of the stream came: those of text/event-stream, or else chunks of HTTP/1.1 and frames
    /// of HTTP/2.
    virtual void events_came(ChannelId channel, std::uint32_t events, const Arrival& arrival) = 0;
    /// The whole response came.
    virtual void responded(ChannelId channel, const ResponseSummary& response, const Arrival& arrival) = 0;
    /// The server did not process the channel's request, which may be sent again, on a channel that may have
    /// to be opened before.
    virtual void refused(ChannelId channel, std::string_view words) = 0;
    /// The channel is of no more use until it is opened again; its request, if it has one, gets no response.
    virtual void failed(ChannelId channel, ErrorClass error, std::string_view words) = 0;

  protected:
    ~ChannelHandler() = default;
};

/// The connections of one thread as its requests see them: sends what it is given and hears of responses.
/// One thread.
class Channels {
  public:
    virtual ~Channels() = default;

    virtual std::uint32_t count() const = 0;
    virtual std::uint32_t open_connections() const = 0;
    virtual bool is_open(ChannelId channel) const = 0;
    /// Begins to open a channel that is not open.
    virtual void open(ChannelId channel) = 0;
    /// Sends the request on an open channel that carries none. `sent` as in Io::send(), by the next flush()
    /// or wait(). The request stays as it is until a response or a failure of it is told, or close().
    virtual void send(ChannelId channel, const OutgoingRequest& request, TimePoint& sent) = 0;
    virtual void flush() = 0;
    /// Gives up its request, if it has one, and, where no other channel uses it, the connection. Nothing more
    /// is heard of the channel.
    virtual void close(ChannelId channel) = 0;
    /// As close(), of a channel whose response began: what came of it.
    virtual ResponseSummary end_response(ChannelId channel) = 0;
    virtual unsigned wait(const IoWait& how, ChannelHandler& handler) = 0;
    /// The clock of all its times.
    virtual TimePoint now() const { return steady_now(); }
};

/// The channels of the thread with this share of the connections. `spec` outlives them. Throws Error where
/// the kernel refuses, or a file of the TLS options cannot be used.
std::unique_ptr<Channels> make_channels(const LoadSpec& spec, Pacer::Share share);

}  // namespace asyncbench
