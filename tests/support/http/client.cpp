#include "tests/support/http/client.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <utility>

namespace asyncbench {

Client::Client(std::uint16_t port) : descriptor_(::socket(AF_INET, SOCK_STREAM, 0)) {
    const timeval limit{10, 0};
    ::setsockopt(descriptor_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    ::setsockopt(descriptor_, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
    const int on = 1;
    ::setsockopt(descriptor_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(descriptor_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
        const int error = errno;
        ::close(descriptor_);
        throw std::system_error(error, std::generic_category(), "connect");
    }
}

Client::~Client() {
    if (descriptor_ >= 0) ::close(descriptor_);
}

Client::Client(Client&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)), buffer_(std::move(other.buffer_)) {}

bool Client::send(std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t sent = ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent <= 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
}

void Client::shutdown_send() {
    ::shutdown(descriptor_, SHUT_WR);
}

void Client::abort() {
    const linger at_once{1, 0};
    ::setsockopt(descriptor_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    ::close(std::exchange(descriptor_, -1));
}

bool Client::fill() {
    std::array<char, 65536> chunk{};
    const ssize_t received = ::recv(descriptor_, chunk.data(), chunk.size(), 0);
    if (received < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
        throw std::runtime_error("the target says nothing");
    }
    if (received <= 0) return false;
    buffer_.append(chunk.data(), static_cast<std::size_t>(received));
    return true;
}

std::optional<Received> Client::receive() {
    std::size_t end = 0;
    while ((end = buffer_.find("\r\n\r\n")) == std::string::npos) {
        if (!fill()) return std::nullopt;
    }
    Received response;
    response.head = buffer_.substr(0, end + 4);
    buffer_.erase(0, end + 4);
    response.status = std::stoi(response.head.substr(response.head.find(' ')));
    constexpr std::string_view name = "Content-Length: ";
    const auto at = response.head.find(name);
    const std::size_t length =
        at == std::string::npos ? 0 : std::stoull(response.head.substr(at + name.size()));
    while (buffer_.size() < length) {
        if (!fill()) break;
    }
    response.whole = buffer_.size() >= length;
    response.body = buffer_.substr(0, length);
    buffer_.erase(0, length);
    return response;
}

std::string Client::receive_all() {
    while (fill()) {
    }
    return std::exchange(buffer_, {});
}

bool Client::is_closed() {
    return buffer_.empty() && !fill();
}

std::string Client::receive_now() {
    std::array<char, 4096> chunk{};
    ssize_t received = 0;
    while ((received = ::recv(descriptor_, chunk.data(), chunk.size(), MSG_DONTWAIT)) > 0) {
        buffer_.append(chunk.data(), static_cast<std::size_t>(received));
    }
    return std::exchange(buffer_, {});
}

Received Client::get(std::string_view path) {
    if (!send(get_request(path))) throw std::runtime_error("the target takes no request");
    auto response = receive();
    if (!response) throw std::runtime_error("the target closed without a response");
    return *std::move(response);
}

std::string get_request(std::string_view path) {
    return fmt::format("GET {} HTTP/1.1\r\nHost: target\r\n\r\n", path);
}

nlohmann::json stats_of(std::uint16_t port, std::string_view trial) {
    Client client(port);
    const Received response = client.get(fmt::format("/stats/{}", trial));
    return nlohmann::json::parse(response.body);
}

void allow_many_descriptors() {
    rlimit limit{};
    ::getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace asyncbench
