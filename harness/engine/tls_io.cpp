#include "harness/engine/tls_io.hpp"

#include <cerrno>
#include <deque>
#include <optional>
#include <utility>

#include "harness/engine/tls_session.hpp"

namespace asyncbench {
namespace {

class TlsIo final : public Io, private IoHandler {
  public:
    TlsIo(std::unique_ptr<Io> io, TlsContext::Options options, std::uint32_t connections)
        : context_(std::move(options)), connections_(connections), io_(std::move(io)) {}

    void connect(ConnectionId id, const SocketAddress& address) override {
        connections_[id].session.reset();
        io_->connect(id, address);
    }

    void send(ConnectionId id, std::string_view bytes, TimePoint& sent) override {
        TlsSession& session = *connections_[id].session;
        session.send(bytes);
        io_->send_copy(id, session.take_outgoing(), sent);
    }

    void send_copy(ConnectionId id, std::string_view bytes, TimePoint& sent) override {
        send(id, bytes, sent);
    }

    void flush() override { io_->flush(); }

    void close(ConnectionId id) override {
        connections_[id].session.reset();
        io_->close(id);
    }

    unsigned wait(const IoWait& how, IoHandler& handler) override {
        handler_ = &handler;
        return io_->wait(how, *this);
    }

  private:
    struct Connection {
        std::optional<TlsSession> session = {};
        TimePoint began = {};  ///< its handshake
        TimePoint sent = {};   ///< what nobody asks for
    };

    void connected(ConnectionId id, const Opened& how) override {
        if (!how.ok()) return handler_->connected(id, how);
        Connection& connection = connections_[id];
        connection.began = steady_now();
        connection.session.emplace(context_);
        go_on(id);
    }

    void received(ConnectionId id, std::string_view bytes, const Arrival& arrival) override {
        Connection& connection = connections_[id];
        if (!connection.session) return;
        const bool in_handshake = connection.session->state() == TlsSession::State::handshake;
        const std::string_view text = connection.session->receive(bytes);
        if (connection.session->has_outgoing()) go_on(id);
        if (in_handshake && !tell_of_handshake(id)) return;
        // The handler may close the connection with each call.
        if (!text.empty()) handler_->received(id, text, arrival);
        if (!connection.session) return;
        const auto state = connection.session->state();
        if (state == TlsSession::State::ended) handler_->ended(id, 0);
        if (state == TlsSession::State::failed) handler_->ended(id, EPROTO);
    }

    void ended(ConnectionId id, int error) override {
        const auto& session = connections_[id].session;
        const bool in_handshake = !session || session->state() == TlsSession::State::handshake;
        if (!in_handshake) return handler_->ended(id, error);
        handler_->connected(
            id, {.error = error, .problem = "the server closed the connection during TLS's handshake"});
    }

    /// Sends what the session has to send by itself.
    void go_on(ConnectionId id) {
        Connection& connection = connections_[id];
        io_->send_copy(id, connection.session->take_outgoing(), connection.sent);
        io_->flush();
    }

    /// Whether the connection is open.
    bool tell_of_handshake(ConnectionId id) {
        Connection& connection = connections_[id];
        switch (connection.session->state()) {
            case TlsSession::State::handshake:
                return false;
            case TlsSession::State::failed:
                problem_ = connection.session->problem();
                handler_->connected(id, {.problem = problem_});
                return false;
            default:
                handler_->connected(id, {.tls = steady_now() - connection.began,
                                         .http2 = connection.session->speaks_http2()});
                return connection.session.has_value();
        }
    }

    TlsContext context_;
    std::deque<Connection> connections_;  // which stay where they are
    std::unique_ptr<Io> io_;              // after the connections, into which it writes the times of sends
    IoHandler* handler_ = nullptr;
    std::string problem_;
};

}  // namespace

std::unique_ptr<Io> make_tls_io(std::unique_ptr<Io> io, TlsContext::Options options,
                                std::uint32_t connections) {
    return std::make_unique<TlsIo>(std::move(io), std::move(options), connections);
}

}  // namespace asyncbench
