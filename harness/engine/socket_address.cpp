#include "harness/engine/socket_address.hpp"

#include <fmt/format.h>
#include <netdb.h>
#include <sys/un.h>

#include <array>
#include <cstddef>
#include <cstring>
#include <memory>

#include "async/errors.hpp"

namespace asyncbench {

std::string SocketAddress::text() const {
    if (storage.ss_family == AF_UNIX) return reinterpret_cast<const sockaddr_un*>(&storage)->sun_path;
    std::array<char, NI_MAXHOST> host{};
    std::array<char, NI_MAXSERV> port{};
    ::getnameinfo(get(), length, host.data(), host.size(), port.data(), port.size(),
                  NI_NUMERICHOST | NI_NUMERICSERV);
    const bool six = storage.ss_family == AF_INET6;
    return fmt::format("{}{}{}:{}", six ? "[" : "", host.data(), six ? "]" : "", port.data());
}

std::vector<SocketAddress> resolve(const std::string& host, const std::string& port) {
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    const int error = ::getaddrinfo(host.c_str(), port.c_str(), &hints, &found);
    if (error != 0) {
        throw Error(fmt::format("The name '{}' cannot be resolved: {}. Check the host of the URL.", host,
                                error == EAI_SYSTEM ? std::strerror(errno) : ::gai_strerror(error)));
    }
    const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owner(found, &::freeaddrinfo);
    std::vector<SocketAddress> addresses;
    for (const addrinfo* each = found; each != nullptr; each = each->ai_next) {
        SocketAddress& address = addresses.emplace_back();
        std::memcpy(&address.storage, each->ai_addr, each->ai_addrlen);
        address.length = each->ai_addrlen;
    }
    return addresses;
}

SocketAddress unix_address(const std::string& path) {
    SocketAddress address;
    auto& place = *reinterpret_cast<sockaddr_un*>(&address.storage);
    if (path.empty() || path.size() >= sizeof place.sun_path) {
        throw UsageError(fmt::format("The path of a Unix socket has from 1 to {} bytes, and this one has {}.",
                                     sizeof place.sun_path - 1, path.size()));
    }
    place.sun_family = AF_UNIX;
    std::memcpy(place.sun_path, path.c_str(), path.size() + 1);
    address.length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + path.size() + 1);
    return address;
}

}  // namespace asyncbench
