#include "harness/engine/reachable.hpp"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "harness/engine/socket_address.hpp"
#include "harness/engine/tcp_socket.hpp"

namespace asyncbench {
namespace {

/// Of one address: a server that takes longer to accept a connection is none to put load on.
constexpr std::chrono::seconds longest_wait_for_address{1};
constexpr std::chrono::milliseconds between_looks_at_flag{50};

bool accepts(const SocketAddress& address, TimePoint deadline, const std::atomic<bool>& interrupted) {
    int error = 0;
    const int descriptor = begin_connect(address, error);
    if (descriptor < 0) return false;
    while (error == EINPROGRESS && steady_now() < deadline && !interrupted) {
        pollfd opening{descriptor, POLLOUT, 0};
        if (::poll(&opening, 1, static_cast<int>(between_looks_at_flag.count())) > 0)
            error = connect_result(descriptor);
    }
    ::close(descriptor);
    return error == 0;
}

}  // namespace

std::vector<std::string> reachable(const std::vector<std::string>& addresses, std::uint16_t port,
                                   TimePoint deadline, const std::atomic<bool>& interrupted) {
    std::vector<std::string> accepting;
    int family = AF_UNSPEC;
    for (const std::string& host : addresses) {
        const SocketAddress address = resolve(host, std::to_string(port)).front();
        const bool fits = family == AF_UNSPEC || family == address.storage.ss_family;
        const TimePoint until = std::min<TimePoint>(deadline, steady_now() + longest_wait_for_address);
        if (!fits || !accepts(address, until, interrupted)) continue;
        family = address.storage.ss_family;
        accepting.push_back(host);
    }
    return accepting.empty() ? std::vector{addresses.front()} : accepting;
}

}  // namespace asyncbench
