#include "harness/engine/tcp_socket.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <thread>

#include "harness/measure/arrival.hpp"

namespace asyncbench {
namespace {

constexpr int tries_for_room = 10;
constexpr std::chrono::microseconds wait_for_room{100};

}  // namespace

int begin_connect(const SocketAddress& address, int& error) {
    const int family = address.storage.ss_family;
    const int descriptor = ::socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (descriptor < 0) {
        error = errno;
        return -1;
    }
    if (family != AF_UNIX) {
        const int on = 1;
        ::setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        ask_for_stamps(descriptor);
    }
    error = ::connect(descriptor, address.get(), address.length) == 0 ? 0 : errno;
    for (int i = 0; error == EAGAIN && family == AF_UNIX && i < tries_for_room; ++i) {
        std::this_thread::sleep_for(wait_for_room);
        error = ::connect(descriptor, address.get(), address.length) == 0 ? 0 : errno;
    }
    if (error == 0 || error == EINPROGRESS) return descriptor;
    ::close(descriptor);
    return -1;
}

int connect_result(int descriptor) {
    int error = 0;
    socklen_t size = sizeof error;
    return ::getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &error, &size) == 0 ? error : errno;
}

}  // namespace asyncbench
