#include "harness/engine/http2_channels.hpp"

#include <algorithm>
#include <cstring>
#include <deque>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "harness/engine/http2_session.hpp"

namespace asyncbench {
namespace {

class Http2Channels final : public Channels, private IoHandler, private Http2Session::Handler {
  public:
    Http2Channels(const LoadSpec& spec, Pacer::Share share, std::unique_ptr<Io> io)
        : spec_(spec), share_(share), connections_(share_of(spec.connections, share)), io_(std::move(io)) {}

    std::uint32_t count() const override {
        return static_cast<std::uint32_t>(connections_.size()) * spec_.http2->streams;
    }
    std::uint32_t open_connections() const override {
        return static_cast<std::uint32_t>(std::count_if(
            connections_.begin(), connections_.end(), [](const Connection& each) { return each.usable(); }));
    }
    bool is_open(ChannelId channel) const override { return connections_[connection_of(channel)].usable(); }

    void open(ChannelId channel) override {
        const ConnectionId id = connection_of(channel);
        Connection& connection = connections_[id];
        connection.opening.push_back(channel);
        // One that the server ends is opened again when its last response has come.
        if (connection.state == State::closed) connect(id);
    }

    void send(ChannelId channel, const OutgoingRequest& request, TimePoint& sent) override {
        const ConnectionId id = connection_of(channel);
        connections_[id].waiting.push_back({channel, &request, &sent});
        make_dirty(id);
    }

    void flush() override {
        for (const ConnectionId id : dirty_) {
            Connection& connection = connections_[id];
            if (!connection.session) continue;
            submit_waiting(connection);
            const std::string_view bytes = connection.session->take_outgoing();
            if (!bytes.empty()) io_->send_copy(id, bytes, connection.sent);
        }
        io_->flush();
        for (const ConnectionId id : std::exchange(dirty_, {})) {
            Connection& connection = connections_[id];
            connection.is_dirty = false;
            for (TimePoint* sent : std::exchange(connection.unstamped, {})) *sent = connection.sent;
        }
    }

    void close(ChannelId channel) override {
        const ConnectionId id = connection_of(channel);
        Connection& connection = connections_[id];
        std::erase(connection.opening, channel);
        std::erase_if(connection.waiting, [&](const Waiting& each) { return each.channel == channel; });
        if (connection.session) {
            connection.session->cancel(channel);
            make_dirty(id);
        }
        if (connection.state == State::connecting && connection.opening.empty()) drop(id);
    }

    ResponseSummary end_response(ChannelId channel) override {
        const ConnectionId id = connection_of(channel);
        make_dirty(id);
        return connections_[id].session->end_response(channel);
    }

    unsigned wait(const IoWait& how, ChannelHandler& handler) override {
        handler_ = &handler;
        if (!dirty_.empty()) flush();
        const unsigned receives = io_->wait(how, *this);
        for (const ConnectionId id : std::exchange(over_, {})) end_if_over(id);
        return receives;
    }

  private:
    enum class State { closed, connecting, open };
    struct Waiting {
        ChannelId channel;
        const OutgoingRequest* request;
        TimePoint* sent;
    };
    struct Connection {
        State state = State::closed;
        bool is_dirty = false;
        TimePoint connecting = {};  ///< since when
        TimePoint sent = {};        ///< the last bytes
        Arrival arrival = {};       ///< of the bytes that are looked at
        std::optional<Http2Session> session = {};
        std::vector<ChannelId> opening = {};  ///< that wait until it is open
        std::vector<Waiting> waiting = {};    ///< for a stream
        std::vector<TimePoint*> unstamped = {};

        bool usable() const { return state == State::open && !session->is_over(); }
    };

    ConnectionId connection_of(ChannelId channel) const {
        return channel % static_cast<ConnectionId>(connections_.size());
    }

    void make_dirty(ConnectionId id) {
        if (std::exchange(connections_[id].is_dirty, true)) return;
        dirty_.push_back(id);
    }

    void connect(ConnectionId id) {
        Connection& connection = connections_[id];
        connection.state = State::connecting;
        connection.connecting = steady_now();
        io_->connect(id, address_for(spec_, share_, id));
    }

    void submit_waiting(Connection& connection) {
        std::size_t submitted = 0;
        for (; submitted < connection.waiting.size(); ++submitted) {
            if (connection.session->room(spec_.http2->streams) == 0) break;
            const Waiting& next = connection.waiting[submitted];
            connection.session->send(next.channel, next.request->http2, next.request->kept);
            connection.unstamped.push_back(next.sent);
        }
        connection.waiting.erase(connection.waiting.begin(),
                                 connection.waiting.begin() + static_cast<std::ptrdiff_t>(submitted));
    }

    void connected(ConnectionId id, const Opened& result) override {
        Connection& connection = connections_[id];
        Opened how = result;
        if (how.ok() && spec_.tls && !how.http2) how.problem = "the server does not speak HTTP/2 (ALPN)";
        if (how.ok()) {
            connection.state = State::open;
            connection.session.emplace(static_cast<Http2Session::Handler&>(*this));
            make_dirty(id);
            handler_->connection_opened(steady_now() - connection.connecting - how.tls, how.tls);
        } else {
            drop(id);
        }
        for (const ChannelId channel : std::exchange(connection.opening, {})) handler_->opened(channel, how);
        if (how.ok()) flush();
    }

    void received(ConnectionId id, std::string_view bytes, const Arrival& arrival) override {
        Connection& connection = connections_[id];
        handler_->received(bytes.size());
        if (!connection.session) return;
        connection.arrival = arrival;
        make_dirty(id);
        const bool goes_on = connection.session->receive(bytes);
        if (!goes_on || connection.session->is_over()) over_.push_back(id);
    }

    void ended(ConnectionId id, int error) override {
        Connection& connection = connections_[id];
        if (!connection.session) return;
        connection.session->take_end(error == 0 ? "" : std::strerror(error));
        over_.push_back(id);
    }

    /// A connection that carries no more requests is closed when the last response has come.
    void end_if_over(ConnectionId id) {
        Connection& connection = connections_[id];
        if (!connection.session || !connection.session->is_over() || !connection.session->is_idle()) return;
        const std::string problem = connection.session->problem();
        drop(id);
        for (const Waiting& each : std::exchange(connection.waiting, {})) {
            handler_->refused(each.channel, problem.empty() ? "the server ended the connection" : problem);
        }
        if (connection.state == State::closed && !connection.opening.empty()) connect(id);
    }

    void drop(ConnectionId id) {
        Connection& connection = connections_[id];
        connection.state = State::closed;
        connection.session.reset();
        connection.unstamped.clear();
        io_->close(id);
    }

    void response_begins(Http2Session::Owner channel) override {
        handler_->response_began(channel, connections_[connection_of(channel)].arrival.time);
    }
    void stream_begins(Http2Session::Owner channel) override { handler_->stream_began(channel); }
    void events_came(Http2Session::Owner channel, std::uint32_t events) override {
        handler_->events_came(channel, events, connections_[connection_of(channel)].arrival);
    }
    void responded(Http2Session::Owner channel, const ResponseSummary& response) override {
        handler_->responded(channel, response, connections_[connection_of(channel)].arrival);
    }
    void stream_refused(Http2Session::Owner channel) override {
        handler_->refused(channel, "the server refused the stream (REFUSED_STREAM)");
    }
    void stream_failed(Http2Session::Owner channel, std::string_view why) override {
        const bool closed = why.starts_with("the connection") || why.starts_with("the server");
        handler_->failed(channel, closed ? ErrorClass::closed : ErrorClass::other, why);
    }

    const LoadSpec& spec_;
    Pacer::Share share_;
    std::deque<Connection> connections_;  // which stay where they are
    std::unique_ptr<Io> io_;              // after the connections, into which it writes the times of sends
    ChannelHandler* handler_ = nullptr;
    std::vector<ConnectionId> dirty_;  ///< that may have something to send
    std::vector<ConnectionId> over_;   ///< that may have to be closed
};

}  // namespace

std::unique_ptr<Channels> make_http2_channels(const LoadSpec& spec, Pacer::Share share,
                                              std::unique_ptr<Io> io) {
    return std::make_unique<Http2Channels>(spec, share, std::move(io));
}

}  // namespace asyncbench
