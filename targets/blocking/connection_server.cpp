#include "targets/blocking/connection_server.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <system_error>
#include <utility>

#include "async/errors.hpp"
#include "targets/arrival.hpp"
#include "targets/blocking/thread_per_connection.hpp"

namespace asyncbench::blocking {
namespace {

constexpr int listen_backlog = 4096;

bool is_address(const std::string& text) {
    std::array<unsigned char, sizeof(in6_addr)> bytes{};
    return inet_pton(AF_INET, text.c_str(), bytes.data()) == 1 ||
           inet_pton(AF_INET6, text.c_str(), bytes.data()) == 1;
}

}  // namespace

ConnectionServer::ConnectionServer(Options options) : options_(std::move(options)) {
    set_tcp_nodelay(true);
    set_write_timeout(options_.idle_timeout);
    // cpp-httplib's own choice, SO_REUSEPORT, would share a port that is taken.
    set_socket_options([](socket_t descriptor) {
        const int on = 1;
        ::setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
        ask_for_stamps(descriptor);
    });
    new_task_queue = [most = options_.most_connections] { return new ThreadPerConnection(most); };
    listen_on(options_.address, options_.port);
}

ConnectionServer::~ConnectionServer() {
    end();
}

void ConnectionServer::listen_on(const std::string& address, std::uint16_t port) {
    const auto fail = [&](std::string_view why) {
        return Error(
            fmt::format("{} cannot listen on {} port {}: {}. Give an IPv4 or IPv6 address of "
                        "this machine and a port that is free, or port 0.",
                        options_.what, address, port, why));
    };
    if (!is_address(address)) throw fail("that is no IP address");
    errno = 0;
    const int bound = port == 0 ? bind_to_any_port(address) : (bind_to_port(address, port) ? port : -1);
    if (bound < 0) {
        throw fail(errno != 0 ? std::generic_category().message(errno) : "the address cannot be used");
    }
    port_ = static_cast<std::uint16_t>(bound);
    // Again, for the backlog: cpp-httplib's is 5.
    if (::listen(svr_sock_, listen_backlog) != 0) throw fail(std::generic_category().message(errno));
}

void ConnectionServer::start() {
    thread_ = std::thread([this] { listen_after_bind(); });
    // cpp-httplib ignores a stop() before it runs.
    while (!is_running()) std::this_thread::sleep_for(std::chrono::microseconds{100});
}

void ConnectionServer::end() {
    if (!thread_.joinable()) return;
    stop();
    {
        const std::lock_guard lock(mutex_);
        interrupted_ = true;
        for (Connection* connection : connections_) connection->interrupt();
    }
    thread_.join();
}

std::size_t ConnectionServer::open_connections() const {
    const std::lock_guard lock(mutex_);
    return connections_.size();
}

bool ConnectionServer::process_and_close_socket(socket_t descriptor) {
    ::fcntl(descriptor, F_SETFD, FD_CLOEXEC);  // or a child would keep the client waiting for the end
    Connection connection(descriptor, options_.request_timeout, options_.idle_timeout);
    if (ThreadPerConnection::is_refusing()) return false;
    {
        const std::lock_guard lock(mutex_);
        if (interrupted_) return false;
        connections_.insert(&connection);
    }
    converse(connection);
    const std::lock_guard lock(mutex_);
    connections_.erase(&connection);
    return true;
}

}  // namespace asyncbench::blocking
