#include "tests/support/http/kept_server.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <stdexcept>
#include <utility>

namespace asyncbench::test {
namespace {

void send_all(int descriptor, const std::string& bytes, bool& sent) {
    std::size_t done = 0;
    while (done < bytes.size()) {
        const ssize_t count = send(descriptor, bytes.data() + done, bytes.size() - done, MSG_NOSIGNAL);
        if (count <= 0) break;
        done += static_cast<std::size_t>(count);
    }
    sent = done == bytes.size();
}

int unix_listener_on(const std::string& path, int backlog) {
    sockaddr_un place{};
    place.sun_family = AF_UNIX;
    path.copy(place.sun_path, sizeof place.sun_path - 1);
    const int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    unlink(path.c_str());
    if (bind(listener, reinterpret_cast<sockaddr*>(&place), sizeof place) != 0 ||
        listen(listener, backlog) != 0)
        throw std::runtime_error("no Unix socket to listen on at " + path);
    return listener;
}

int listener_on(const std::string& address, int backlog, std::uint16_t& port) {
    const bool is_ipv6 = address.find(':') != std::string::npos;
    sockaddr_in6 ipv6{};
    sockaddr_in ipv4{};
    ipv6.sin6_family = AF_INET6;
    ipv4.sin_family = AF_INET;
    auto* const plain = is_ipv6 ? reinterpret_cast<sockaddr*>(&ipv6) : reinterpret_cast<sockaddr*>(&ipv4);
    socklen_t size = is_ipv6 ? sizeof ipv6 : sizeof ipv4;
    void* const bytes = is_ipv6 ? static_cast<void*>(&ipv6.sin6_addr) : static_cast<void*>(&ipv4.sin_addr);
    const int listener = socket(plain->sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (inet_pton(plain->sa_family, address.c_str(), bytes) != 1 || bind(listener, plain, size) != 0 ||
        listen(listener, backlog) != 0 || getsockname(listener, plain, &size) != 0) {
        throw std::runtime_error("no port to listen on at " + address);
    }
    port = ntohs(is_ipv6 ? ipv6.sin6_port : ipv4.sin_port);
    return listener;
}

}  // namespace

KeptServer::KeptServer(Answer answer) : KeptServer(std::move(answer), Options()) {}

KeptServer::KeptServer(Answer answer, Options options)
    : answer_(std::move(answer)), options_(std::move(options)) {
    const bool is_unix = options_.address.find('/') != std::string::npos;
    listener_ = is_unix ? unix_listener_on(options_.address, options_.backlog)
                        : listener_on(options_.address, options_.backlog, port_);
    thread_ = std::thread([this] { serve(); });
}

KeptServer::~KeptServer() {
    stops_ = true;
    shutdown(listener_, SHUT_RDWR);
    {
        const std::lock_guard lock(mutex_);
        for (const Connection& connection : connections_) shutdown(connection.descriptor, SHUT_RDWR);
    }
    thread_.join();
    for (Connection& connection : connections_) {
        if (connection.thread.joinable()) connection.thread.join();
        close(connection.descriptor);
    }
    close(listener_);
}

std::string KeptServer::url(const std::string& host) const {
    return "http://" + host + ":" + std::to_string(port_) + "/";
}

std::size_t KeptServer::connections() const {
    const std::lock_guard lock(mutex_);
    return connections_.size();
}

std::size_t KeptServer::open() const {
    const std::lock_guard lock(mutex_);
    return connections_.size() - ended_;
}

std::vector<std::string> KeptServer::heads() const {
    const std::lock_guard lock(mutex_);
    return heads_;
}

void KeptServer::serve() {
    for (std::size_t number = 0;; ++number) {
        const int descriptor = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
        if (descriptor < 0) return;
        Connection* connection = nullptr;
        {
            const std::lock_guard lock(mutex_);
            connection = &connections_.emplace_back(Connection{descriptor});
            if (stops_) shutdown(descriptor, SHUT_RDWR);
        }
        if (options_.one_at_a_time) {
            serve(*connection, number);
        } else {
            connection->thread = std::thread([this, connection, number] { serve(*connection, number); });
        }
    }
}

void KeptServer::serve(Connection& connection, std::size_t number) {
    std::string buffered;
    for (std::size_t count = 0;; ++count) {
        const auto head = head_from(connection.descriptor, buffered);
        if (!head) break;
        {
            const std::lock_guard lock(mutex_);
            heads_.push_back(*head);
        }
        if (!answer(connection.descriptor, {*head, number, count})) break;
    }
    // The descriptor stays until the end, so that its number cannot be another's meanwhile.
    shutdown(connection.descriptor, SHUT_RDWR);
    const std::lock_guard lock(mutex_);
    ++ended_;
}

/// None where the client has gone.
std::optional<std::string> KeptServer::head_from(int descriptor, std::string& buffered) {
    auto end = buffered.find("\r\n\r\n");
    while (end == std::string::npos) {
        std::array<char, 4096> piece;
        const ssize_t count = recv(descriptor, piece.data(), piece.size(), 0);
        if (count <= 0) return std::nullopt;
        buffered.append(piece.data(), static_cast<std::size_t>(count));
        end = buffered.find("\r\n\r\n");
    }
    std::string head = buffered.substr(0, end + 4);
    buffered.erase(0, end + 4);
    return head;
}

/// Whether the connection stays open.
bool KeptServer::answer(int descriptor, const Request& request) {
    const auto bytes = answer_(request);
    if (!bytes) return true;
    if (bytes->empty()) {
        // A reset that leaves the descriptor's number ours, as close() would not.
        const sockaddr nobody{.sa_family = AF_UNSPEC, .sa_data = {}};
        connect(descriptor, &nobody, sizeof nobody);
        return false;
    }
    bool sent = false;
    send_all(descriptor, *bytes, sent);
    while (sent && !options_.for_ever.empty()) {
        std::this_thread::sleep_for(options_.pause);
        send_all(descriptor, options_.for_ever, sent);
    }
    return sent && bytes->find("\r\nConnection: close\r\n") == std::string::npos;
}

std::string ok_answer(const std::string& body, const std::string& fields) {
    return "HTTP/1.1 200 OK\r\n" + fields + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
           body;
}

}  // namespace asyncbench::test
