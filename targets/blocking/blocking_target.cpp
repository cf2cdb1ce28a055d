
#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "harness/work/reply.hpp"
#include "targets/blocking/connection_server.hpp"
#include "targets/blocking/shared_trials.hpp"
#include "targets/response_text.hpp"
#include "targets/route.hpp"
#include "targets/target.hpp"

namespace asyncbench {
namespace {

using blocking::Connection;
using blocking::ConnectionServer;
using blocking::SharedTrials;

constexpr std::size_t most_connections = 12'000;
constexpr std::size_t write_bytes = 65536;
constexpr std::uint64_t dribble_pieces = 8;

void set_plain(httplib::Response& response, int status) {
    response.status = status;
    response.set_content(fmt::format("{}\n", reason_of(status)), "text/plain");
}

bool has_body(const httplib::Request& request) {
    return request.has_header("Transfer-Encoding") ||
           (request.has_header("Content-Length") && request.get_header_value("Content-Length") != "0");
}

/// Of a profile that can be served, before anything listens.
ConnectionServer::Options checked_connections(const TargetOptions& options) {
    check(options.profile);
    return {"The target",     options.address,         options.port,
            most_connections, options.request_timeout, options.idle_timeout};
}

}  // namespace

/// cpp-httplib reads, parses, routes and writes; faults can reach the socket.
class BlockingTarget::Impl {
  public:
    explicit Impl(const TargetOptions& options);

    ConnectionServer& server() { return server_; }

  private:
    struct Exchange;

    void converse(Connection& connection);
    void answer(const httplib::Request& request, httplib::Response& response, Exchange& exchange);
    void answer_io(std::uint64_t id, httplib::Response& response, Exchange& exchange);
    void set_body(httplib::Response& response, Exchange& exchange) const;

    TargetOptions options_;
    SharedTrials trials_;
    ConnectionServer server_;
};

/// What a connection's thread knows of the request it is answering.
struct BlockingTarget::Impl::Exchange {
    explicit Exchange(Connection& on) : connection(on) {}

    Connection& connection;
    std::shared_ptr<TrialStats> trial;  ///< of the last `/io` request
    std::uint64_t id = 0;
    Reply reply;
    TimePoint due{};
    std::optional<SharedTrials::Ticket> ticket;  ///< of an `/io` response being written
    bool answered = false;                       ///< our handler has been reached
    bool last = false;                           ///< the connection ends with this response
};

BlockingTarget::Impl::Impl(const TargetOptions& options)
    : options_(options),
      server_(checked_connections(options), [this](Connection& connection) { converse(connection); }) {}

void BlockingTarget::Impl::converse(Connection& connection) {
    Exchange exchange(connection);
    while (connection.wait_for_request()) {
        exchange.answered = false;
        exchange.last = false;
        const auto [written, client_closes] = server_.exchange(
            connection, false, [&](const httplib::Request& request, httplib::Response& response) {
                answer(request, response, exchange);
            });
        if (exchange.ticket) {
            trials_.ended(*std::exchange(exchange.ticket, std::nullopt), *exchange.trial,
                          {connection.held(), exchange.reply.delay, connection.arrival().stamped,
                           written ? std::optional(exchange.id) : std::nullopt});
        }
        if (!written || client_closes || !exchange.answered || exchange.last) break;
    }
    connection.finish();
}

void BlockingTarget::Impl::answer(const httplib::Request& request, httplib::Response& response,
                                  Exchange& exchange) {
    exchange.answered = true;
    exchange.connection.header_is_read();
    if (has_body(request)) {
        // Nobody reads it, so what follows cannot be told from it.
        exchange.last = true;
        response.set_header("Connection", "close");
    }
    if (request.method != "GET") {
        response.set_header("Allow", "GET");
        return set_plain(response, 405);
    }
    const Route route = parse_route(request.target);
    switch (route.kind) {
        case Route::Kind::io:
            trials_.arrived(route.trial, exchange.trial);
            return answer_io(route.id, response, exchange);
        case Route::Kind::stats:
            response.status = 200;
            return response.set_content(trials_.json(route.trial), "application/json");
        case Route::Kind::health:
            return set_plain(response, 200);
        case Route::Kind::unknown:
            return set_plain(response, 404);
    }
}

void BlockingTarget::Impl::answer_io(std::uint64_t id, httplib::Response& response, Exchange& exchange) {
    exchange.id = id;
    exchange.reply = reply_for(options_.profile, options_.seed, id);
    exchange.due = exchange.connection.arrival().time + exchange.reply.delay;
    const Fault fault = exchange.reply.fault;
    if (fault == Fault::stall) exchange.connection.wait_for_end_of_input();
    if (fault == Fault::stall || !exchange.connection.sleep_until(exchange.due) || fault == Fault::close) {
        return exchange.connection.cut_next_write(false);
    }
    exchange.ticket = trials_.started();
    exchange.connection.tell_held_in_next_write();
    response.status = exchange.reply.status;
    set_body(response, exchange);
}

void BlockingTarget::Impl::set_body(httplib::Response& response, Exchange& exchange) const {
    const std::uint64_t length = exchange.reply.body_bytes;
    const bool truncated = exchange.reply.fault == Fault::truncate;
    if (length == 0) {
        if (truncated) exchange.connection.cut_next_write(true);
        return;
    }
    const std::uint64_t end = truncated ? length / 2 : length;
    const auto write_piece = [this, &exchange, length, end](std::size_t offset, std::size_t,
                                                            httplib::DataSink& sink) {
        if (offset >= end) return false;
        std::uint64_t piece_end = std::min<std::uint64_t>(end, offset + write_bytes);
        if (exchange.reply.fault == Fault::dribble) {
            std::uint64_t piece = 0;
            while (length * (piece + 1) / dribble_pieces <= offset) ++piece;
            piece_end = std::min(piece_end, length * (piece + 1) / dribble_pieces);
            const auto pause = exchange.reply.delay * static_cast<std::int64_t>(piece) / (dribble_pieces - 1);
            if (!exchange.connection.sleep_until(exchange.due + pause)) return false;
        }
        std::string text(piece_end - offset, body_filler);
        if (offset < content_tag_bytes) {
            const auto tag = content_tag_chars(options_.seed, exchange.id);
            std::copy_n(tag.begin() + static_cast<std::ptrdiff_t>(offset),
                        std::min(text.size(), content_tag_bytes - offset), text.begin());
        }
        return sink.write(text.data(), text.size());
    };
    response.set_content_provider(length, "text/plain", write_piece);
}

BlockingTarget::BlockingTarget(const TargetOptions& options) : impl_(std::make_unique<Impl>(options)) {}
BlockingTarget::~BlockingTarget() = default;
std::uint16_t BlockingTarget::port() const {
    return impl_->server().port();
}
std::size_t BlockingTarget::connections() const {
    return impl_->server().open_connections();
}
void BlockingTarget::stop() {
    impl_->server().end();
}

}  // namespace asyncbench
