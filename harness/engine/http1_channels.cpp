#include "harness/engine/http1_channels.hpp"

#include <algorithm>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

#include "harness/engine/response_reader.hpp"
#include "harness/engine/response_template.hpp"

namespace asyncbench {
namespace {

class Http1Channels final : public Channels, private IoHandler {
  public:
    Http1Channels(const LoadSpec& spec, Pacer::Share share, std::unique_ptr<Io> io)
        : spec_(spec),
          share_(share),
          learned_(spec.targets.size()),
          connections_(share_of(spec.connections, share)),
          io_(std::move(io)) {}

    std::uint32_t count() const override { return static_cast<std::uint32_t>(connections_.size()); }
    std::uint32_t open_connections() const override {
        return static_cast<std::uint32_t>(std::count_if(connections_.begin(), connections_.end(),
                                                        [](const Connection& each) { return each.is_open; }));
    }
    bool is_open(ChannelId id) const override { return connections_[id].is_open; }

    void open(ChannelId id) override {
        connections_[id].connecting = steady_now();
        io_->connect(id, address_for(spec_, share_, id));
    }

    void send(ChannelId id, const OutgoingRequest& request, TimePoint& sent) override {
        Connection& connection = connections_[id];
        connection.in_request = true;
        connection.in_response = false;
        connection.in_stream = false;
        connection.reader.expect(learned_[request.number], request.to_head, request.kept);
        if (request.lasts) return io_->send(id, request.text, sent);
        io_->send_copy(id, request.text, sent);
    }

    void flush() override { io_->flush(); }

    void close(ChannelId id) override {
        Connection& connection = connections_[id];
        connection.is_open = false;
        connection.in_request = false;
        connection.reader.reset();
        io_->close(id);
    }

    ResponseSummary end_response(ChannelId id) override {
        const ResponseSummary response = connections_[id].reader.so_far();
        close(id);
        return response;
    }

    unsigned wait(const IoWait& how, ChannelHandler& handler) override {
        handler_ = &handler;
        return io_->wait(how, *this);
    }

  private:
    struct Connection {
        bool is_open = false;
        bool in_request = false;    ///< a request was sent, and its response is not whole
        bool in_response = false;   ///< of which the first bytes came
        bool in_stream = false;     ///< which it is
        TimePoint connecting = {};  ///< since when
        ResponseReader reader = {};
    };

    void connected(ConnectionId id, const Opened& how) override {
        Connection& connection = connections_[id];
        connection.is_open = how.ok();
        if (how.ok()) handler_->connection_opened(steady_now() - connection.connecting - how.tls, how.tls);
        handler_->opened(id, how);
    }

    void received(ConnectionId id, std::string_view bytes, const Arrival& arrival) override {
        Connection& connection = connections_[id];
        handler_->received(bytes.size());
        if (!connection.in_request) {
            close(id);
            return handler_->failed(id, ErrorClass::other, "the server sent what nobody had asked for");
        }
        if (!connection.in_response) {
            connection.in_response = true;
            handler_->response_began(id, arrival.time);
        }
        const ResponseReader::Result result = connection.reader.take(bytes);
        if (connection.reader.in_stream()) tell_of_stream(id, arrival);
        read(id, result, arrival);
    }

    void tell_of_stream(ConnectionId id, const Arrival& arrival) {
        Connection& connection = connections_[id];
        if (!std::exchange(connection.in_stream, true)) handler_->stream_began(id);
        if (const auto events = connection.reader.take_events()) handler_->events_came(id, events, arrival);
    }

    void ended(ConnectionId id, int error) override {
        Connection& connection = connections_[id];
        if (error == 0 && connection.in_request)
            return read(id, connection.reader.take_end(), {steady_now(), false});
        close(id);
        handler_->failed(id, ErrorClass::closed,
                         error == 0 ? "the connection was closed" : std::strerror(error));
    }

    void read(ConnectionId id, ResponseReader::Result result, const Arrival& arrival) {
        if (result == ResponseReader::Result::more) return;
        Connection& connection = connections_[id];
        connection.in_request = false;
        if (result == ResponseReader::Result::invalid) {
            const std::string problem = connection.reader.problem();
            close(id);
            const bool cut_off = problem.starts_with("the connection");
            return handler_->failed(id, cut_off ? ErrorClass::closed : ErrorClass::other, problem);
        }
        const ResponseSummary response = connection.reader.summary();
        if (!spec_.keep_alive || !response.keep_alive) close(id);
        handler_->responded(id, response, arrival);
    }

    const LoadSpec& spec_;
    Pacer::Share share_;
    std::vector<ResponseTemplate> learned_;  ///< of each request
    std::vector<Connection> connections_;
    std::unique_ptr<Io> io_;
    ChannelHandler* handler_ = nullptr;
};

}  // namespace

std::unique_ptr<Channels> make_http1_channels(const LoadSpec& spec, Pacer::Share share,
                                              std::unique_ptr<Io> io) {
    return std::make_unique<Http1Channels>(spec, share, std::move(io));
}

}  // namespace asyncbench
