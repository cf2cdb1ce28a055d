#include "targets/mock/server.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/post.hpp>
#include <memory>
#include <utility>

#include "async/errors.hpp"
#include "harness/http/held_field.hpp"
#include "harness/measure/arrival.hpp"

namespace asyncbench::mock {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

constexpr int listen_backlog = 4096;
constexpr std::size_t read_buffer_bytes = 65536;

std::size_t head_index(int status, Persistence persistence) {
    return static_cast<std::size_t>(persistence) + (status == 500 ? 3 : 0);
}

}  // namespace

Server::Server(const TargetOptions& options)
    : options_(options),
      // Fine enough to keep a limit within a quarter, and no more than one look at all connections a second.
      tick_length_(std::clamp<Nanoseconds>(std::min(options.request_timeout, options.idle_timeout) / 4,
                                           std::chrono::milliseconds{5}, std::chrono::seconds{1})),
      read_buffer_(read_buffer_bytes) {
    check(options_.profile);
    for (const int status : {200, 500}) {
        for (const auto persistence : {Persistence::implied, Persistence::keep_alive, Persistence::close}) {
            heads_[head_index(status, persistence)] =
                io_response_head(status, options_.profile.payload_bytes, persistence);
        }
    }
    listen();
}

void Server::listen() {
    error_code error;
    const auto fail = [&](std::string_view hint) {
        return Error(fmt::format("The target cannot listen on {} port {}: {}. {}", options_.address,
                                 options_.port, error.message(), hint));
    };
    const auto address = asio::ip::make_address(options_.address, error);
    if (error) throw fail("Give an IPv4 or IPv6 address of this machine, such as 127.0.0.1.");
    const tcp::endpoint endpoint(address, options_.port);
    const char* const hint = "Give another address or port, or port 0 for a free one.";
    acceptor_.open(endpoint.protocol(), error);
    if (error) throw fail(hint);
    acceptor_.set_option(tcp::acceptor::reuse_address(true));
    ask_for_stamps(acceptor_.native_handle());
    acceptor_.bind(endpoint, error);
    if (error) throw fail(hint);
    acceptor_.listen(listen_backlog, error);
    if (error) throw fail(hint);
    port_ = acceptor_.local_endpoint().port();
}

void Server::run() {
    accept();
    sweep();
    loop_.run();
}

void Server::stop() {
    asio::post(loop_, [this] {
        acceptor_.close();
        sweep_timer_.cancel();
        accept_timer_.cancel();
        due_.stop();
        while (!connections_.empty()) connections_.front()->close();
    });
}

void Server::accept() {
    acceptor_.async_accept([this](const error_code& error, tcp::socket socket) {
        if (!acceptor_.is_open()) return;
        if (!error) {
            connections_.push_front(std::make_shared<Connection>(*this, std::move(socket)));
            open_connections_.fetch_add(1, std::memory_order_relaxed);
            connections_.front()->start(connections_.begin());
        } else if (error != asio::error::connection_aborted) {
            return pause_accepting();
        }
        accept();
    });
}

/// No descriptor or no memory is left: trying again at once would spin until a connection closes.
void Server::pause_accepting() {
    accept_timer_.expires_after(std::chrono::milliseconds{20});
    accept_timer_.async_wait([this](const error_code& error) {
        if (!error) accept();
    });
}

void Server::sweep() {
    for (auto next = connections_.begin(); next != connections_.end();) {
        const auto connection = *next++;
        connection->sweep();
    }
    sweep_timer_.expires_after(tick_length_);
    sweep_timer_.async_wait([this](const error_code& error) {
        if (error) return;
        ++tick_;
        sweep();
    });
}

void Server::forget(Connection::Owners::iterator connection) {
    connections_.erase(connection);
    open_connections_.fetch_sub(1, std::memory_order_relaxed);
}

Outgoing Server::io_response(std::uint64_t id, const Reply& reply, Persistence persistence, Nanoseconds held,
                             std::span<char, longest_io_head> head) const {
    const IoHead& prepared = heads_[head_index(reply.status, persistence)];
    prepared.text.copy(head.data(), head.size());
    write_held(held, head.subspan(prepared.held_at).first<held_digits>());
    return {{head.data(), prepared.text.size()}, options_.seed, id, reply.body_bytes};
}

std::string Server::stats_response(std::string_view trial, Persistence persistence) const {
    const TrialStats* const known = trials_.find(trial);
    const std::string body = stats_json(trial, known != nullptr ? *known : TrialStats{});
    return response_head(200, "application/json", body.size(), persistence) + body;
}

}  // namespace asyncbench::mock
