#pragma once

#include <sys/socket.h>

#include <string>
#include <vector>

namespace asyncbench {

/// Where a connection is opened to: an address of IPv4, IPv6 or of a Unix socket.
struct SocketAddress {
    sockaddr_storage storage{};
    socklen_t length = 0;

    const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage); }
    /// `127.0.0.1:80`, `[::1]:80`, or the path of a Unix socket.
    std::string text() const;
};

/// All addresses of a name, in the order of the system's resolver. Throws Error with what the resolver says.
std::vector<SocketAddress> resolve(const std::string& host, const std::string& port);

/// Of a Unix socket. Throws UsageError where the path is too long for one.
SocketAddress unix_address(const std::string& path);

}  // namespace asyncbench
