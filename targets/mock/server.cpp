#include "targets/mock/server.hpp"

#include <fmt/format.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <utility>

#include "async/errors.hpp"
#include "harness/engine/uring_io.hpp"
#include "harness/http/held_field.hpp"
#include "harness/measure/arrival.hpp"

namespace asyncbench::mock {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

constexpr int listen_backlog = 4096;
/// More than one address has ports to connect from.
constexpr rlim_t most_connections = 32768;
/// Responses that are begun before others are heard.
constexpr int wakes_a_turn = 16;
/// No descriptor or no memory is left: trying again at once would spin until a connection closes.
constexpr std::chrono::milliseconds accept_pause{20};

std::uint32_t possible_connections() {
    rlimit limit{};
    ::getrlimit(RLIMIT_NOFILE, &limit);
    return static_cast<std::uint32_t>(std::clamp<rlim_t>(limit.rlim_cur, 1, most_connections));
}

std::size_t head_index(int status, Persistence persistence) {
    return static_cast<std::size_t>(persistence) + (status == 500 ? 3 : 0);
}

}  // namespace

Server::Server(const TargetOptions& options)
    : options_(options),
      // Fine enough to keep a limit within a quarter, and no more than one look at all connections a second.
      tick_length_(std::clamp<Nanoseconds>(std::min(options.request_timeout, options.idle_timeout) / 4,
                                           std::chrono::milliseconds{5}, std::chrono::seconds{1})),
      capacity_(possible_connections()),
      io_(make_server_io(options.io.value_or(best_io()), capacity_)) {
    check(options_.profile);
    for (const int status : {200, 500}) {
        for (const auto persistence : {Persistence::implied, Persistence::keep_alive, Persistence::close}) {
            heads_[head_index(status, persistence)] =
                io_response_head(status, options_.profile.payload_bytes, persistence);
        }
    }
    listen();
}

Server::~Server() {
    ::close(listening_);
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
    asio::io_context unused;
    tcp::acceptor acceptor(unused);
    acceptor.open(endpoint.protocol(), error);
    if (error) throw fail(hint);
    acceptor.set_option(tcp::acceptor::reuse_address(true));
    // Accepted sockets inherit both.
    acceptor.set_option(tcp::no_delay(true));
    ask_for_stamps(acceptor.native_handle());
    acceptor.bind(endpoint, error);
    if (error) throw fail(hint);
    acceptor.listen(listen_backlog, error);
    if (error) throw fail(hint);
    acceptor.non_blocking(true);
    port_ = acceptor.local_endpoint().port();
    listening_ = acceptor.release();
}

void Server::run() {
    // Waits end when they are to; by default the kernel may add 50 us to each.
    ::prctl(PR_SET_TIMERSLACK, 1);
    io_->accept_from(listening_, *this);
    while (!stopping_) {
        const TimePoint now = steady_now();
        if (now >= next_sweep_) sweep();
        if (now >= accept_again_) {
            accept_again_ = TimePoint::max();
            io_->accept_from(listening_, *this);
        }
        due_.wake(wakes_a_turn);
        write_on();
        io_->wait({.until = next_event()}, *this);
    }
    for (auto& connection : connections_) {
        connection->close();
    }
    io_.reset();  // by the thread that made it, as the kernel wants
}

void Server::stop() {
    stopping_ = true;
    ::shutdown(listening_, SHUT_RDWR);
}

TimePoint Server::next_event() const {
    if (!writing_on_.empty()) return {};
    return std::min({due_.next(), next_sweep_, accept_again_});
}

void Server::accepted(int descriptor, int error) {
    if (error != 0) {
        accept_again_ = steady_now() + accept_pause;
        return;
    }
    if (unused_.empty()) {
        if (connections_.size() == capacity_) {
            ::close(descriptor);
            return;
        }
        unused_.push_back(static_cast<ConnectionId>(connections_.size()));
        connections_.emplace_back();
    }
    const ConnectionId id = unused_.back();
    unused_.pop_back();
    connections_[id].emplace(*this, id);
    open_connections_.fetch_add(1, std::memory_order_relaxed);
    io_->adopt(id, descriptor);
}

void Server::received(ConnectionId connection, std::string_view bytes, const Arrival& arrival) {
    connections_[connection]->received(bytes, arrival);
}

void Server::ended(ConnectionId connection, int error) {
    if (error != 0) {
        connections_[connection]->close();
    } else {
        connections_[connection]->end_of_input();
    }
}

void Server::sent(ConnectionId connection) {
    connections_[connection]->sent();
}

void Server::close(ConnectionId connection) {
    io_->close(connection);
    std::erase(writing_on_, connection);
    unused_.push_back(connection);
    open_connections_.fetch_sub(1, std::memory_order_relaxed);
}

void Server::write_on() {
    for (const ConnectionId connection : std::exchange(writing_on_, {})) {
        if (!connections_[connection]->is_closed()) connections_[connection]->go_on_writing();
    }
}

void Server::sweep() {
    for (auto& connection : connections_) connection->sweep();
    ++tick_;
    next_sweep_ = steady_now() + tick_length_;
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
