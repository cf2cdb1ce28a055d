#include "tests/support/http/raw_server.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <stdexcept>
#include <utility>

namespace asyncbench::test {
namespace {

struct Listener {
    int descriptor;
    std::uint16_t port;
};

Listener listen_on_loopback() {
    const int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof address;
    auto* const generic = reinterpret_cast<sockaddr*>(&address);
    if (bind(descriptor, generic, length) != 0 || listen(descriptor, 16) != 0 ||
        getsockname(descriptor, generic, &length) != 0) {
        throw std::runtime_error("no port to listen on");
    }
    return {descriptor, ntohs(address.sin_port)};
}

}  // namespace

RawServer::RawServer(std::string answer, Ending ending) : answer_(std::move(answer)), ending_(ending) {
    const Listener listener = listen_on_loopback();
    listener_ = listener.descriptor;
    port_ = listener.port;
    thread_ = std::thread([this] { serve(); });
}

RawServer::~RawServer() {
    shutdown(listener_, SHUT_RDWR);
    thread_.join();
    close(listener_);
}

std::string RawServer::received() const {
    const std::lock_guard lock(mutex_);
    return received_;
}

void RawServer::serve() {
    while (true) {
        const int connection = accept(listener_, nullptr, nullptr);
        if (connection < 0) return;
        std::array<char, 4096> request;
        const ssize_t length = recv(connection, request.data(), request.size(), 0);
        {
            const std::lock_guard lock(mutex_);
            received_.assign(request.data(), length > 0 ? static_cast<std::size_t>(length) : 0);
        }
        (void)!send(connection, answer_.data(), answer_.size(), MSG_NOSIGNAL);
        if (ending_ == Ending::reset) {
            const linger at_once{1, 0};
            setsockopt(connection, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
        }
        close(connection);
    }
}

std::uint16_t refusing_port() {
    const Listener listener = listen_on_loopback();
    close(listener.descriptor);
    return listener.port;
}

}  // namespace asyncbench::test
