// Calls on descriptors: sockets, pipes and files.

#include "async/detect/blocking_calls/available.hpp"
#include "async/detect/blocking_calls/interpose.hpp"

#ifdef ASYNCBENCH_INTERPOSES

#include <fcntl.h>
#include <poll.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include <cerrno>

using asyncbench::detail::must_not_block;
using asyncbench::detail::Real;
using asyncbench::detail::Wait;
using asyncbench::detail::wait_for;
using asyncbench::detail::watch_call;

namespace asyncbench::detail {

namespace {
constinit Real<decltype(::poll)> real_poll("poll");
}

Wait wait_for(int descriptor, short events) noexcept {
    const int error = errno;
    const int flags = fcntl(descriptor, F_GETFL);
    Wait wait = Wait::no;
    if (flags >= 0 && (flags & O_NONBLOCK) == 0) {
        pollfd poll{.fd = descriptor, .events = events, .revents = 0};
        wait = real_poll(&poll, nfds_t{1}, 0) == 0 ? Wait::certain : Wait::possible;
    }
    errno = error;
    return wait;
}

namespace {

Wait wait_to_send(int descriptor, int flags) noexcept {
    return (flags & MSG_DONTWAIT) != 0 ? Wait::no : wait_for(descriptor, POLLOUT);
}
Wait wait_to_receive(int descriptor, int flags) noexcept {
    return (flags & MSG_DONTWAIT) != 0 ? Wait::no : wait_for(descriptor, POLLIN);
}
Wait wait_to_write(int descriptor) noexcept {
    return descriptor == STDERR_FILENO ? Wait::no : wait_for(descriptor, POLLOUT);
}

// A stream over a network waits for the other side's answer; one within the machine rarely waits.
Wait wait_to_connect(int descriptor) noexcept {
    const int error = errno;
    Wait wait = wait_for(descriptor, 0) == Wait::no ? Wait::no : Wait::possible;
    int type = 0;
    int domain = 0;
    socklen_t length = sizeof(int);
    if (wait != Wait::no && getsockopt(descriptor, SOL_SOCKET, SO_TYPE, &type, &length) == 0 &&
        getsockopt(descriptor, SOL_SOCKET, SO_DOMAIN, &domain, &length) == 0 && type == SOCK_STREAM &&
        (domain == AF_INET || domain == AF_INET6)) {
        wait = Wait::certain;
    }
    errno = error;
    return wait;
}

}  // namespace
}  // namespace asyncbench::detail

using asyncbench::detail::wait_to_connect;
using asyncbench::detail::wait_to_receive;
using asyncbench::detail::wait_to_send;
using asyncbench::detail::wait_to_write;

extern "C" {

int connect(int descriptor, const sockaddr* address, socklen_t length) {
    static constinit Real<decltype(::connect)> real("connect");
    if (!must_not_block()) [[likely]] {
        return real(descriptor, address, length);
    }
    return watch_call("connect", wait_to_connect(descriptor), ASYNCBENCH_CALLER,
                      [&] { return real(descriptor, address, length); });
}

int accept(int descriptor, sockaddr* address, socklen_t* length) {
    static constinit Real<decltype(::accept)> real("accept");
    if (!must_not_block()) [[likely]] {
        return real(descriptor, address, length);
    }
    return watch_call("accept", wait_for(descriptor, POLLIN), ASYNCBENCH_CALLER,
                      [&] { return real(descriptor, address, length); });
}

int accept4(int descriptor, sockaddr* address, socklen_t* length, int flags) {
    static constinit Real<decltype(::accept4)> real("accept4");
    if (!must_not_block()) [[likely]] {
        return real(descriptor, address, length, flags);
    }
    return watch_call("accept4", wait_for(descriptor, POLLIN), ASYNCBENCH_CALLER,
                      [&] { return real(descriptor, address, length, flags); });
}

ssize_t read(int descriptor, void* buffer, size_t size) {
    static constinit Real<decltype(::read)> real("read");
    if (!must_not_block()) [[likely]] {
        return real(descriptor, buffer, size);
    }
    return watch_call("read", wait_for(descriptor, POLLIN), ASYNCBENCH_CALLER,
                      [&] { return real(descriptor, buffer, size); });
}

ssize_t readv(int descriptor, const iovec* parts, int count) {
    static constinit Real<decltype(::readv)> real("readv");
    if (!must_not_block()) [[likely]] {
        return real(descriptor, parts, count);
    }
    return watch_call("readv", wait_for(descriptor, POLLIN), ASYNCBENCH_CALLER,
                      [&] { return real(descriptor, parts, count); });
}

ssize_t pread(int descriptor, void* buffer, size_t size, off_t offset) {
    static constinit Real<decltype(::pread)> real("pread");
    if (!must_not_block()) [[likely]] {
        return real(descriptor, buffer, size, offset);
    }
    return watch_call("pread", wait_for(descriptor, POLLIN), ASYNCBENCH_CALLER,
                      [&] { return real(descriptor, buffer, size, offset); });
}

ssize_t recv(int descriptor, void* buffer, size_t size, int flags) {
    static constinit Real<decltype(::recv)> real("recv");
    if (!must_not_block()) [[likely]] {
        return real(descriptor, buffer, size, flags);
    }
    return watch_call("recv", wait_to_receive(descriptor, flags), ASYNCBENCH_CALLER,
                      [&] { return real(descriptor, buffer, size, flags); });
}

ssize_t recvfrom(int descriptor, void* buffer, size_t size, int flags, sockaddr* address, socklen_t* length) {
    static constinit Real<decltype(::recvfrom)> real("recvfrom");
    if (!must_not_block()) [[likely]] {
        return real(descriptor, buffer, size, flags, address, length);
    }
    return watch_call("recvfrom", wait_to_receive(descriptor, flags), ASYNCBENCH_CALLER,
                      [&] { return real(descriptor, buffer, size, flags, address, length); });
}

ssize_t recvmsg(int descriptor, msghdr* message, int flags) {
    static constinit Real<decltype(::recvmsg)> real("recvmsg");
    if (!must_not_block()) [[likely]] {
        return real(descriptor, message, flags);
    }
    return watch_call("recvmsg", wait_to_receive(descriptor, flags), ASYNCBENCH_CALLER,
                      [&] { return real(descriptor, message, flags); });
}

ssize_t write(int descriptor, const void* buffer, size_t size) {
    static constinit Real<decltype(::write)> real("write");
    if (!must_not_block()) [[likely]] {
        return real(descriptor, buffer, size);
    }
    return watch_call("write", wait_to_write(descriptor), ASYNCBENCH_CALLER,
                      [&] { return real(descriptor, buffer, size); });
}

ssize_t writev(int descriptor, const iovec* parts, int count) {
    static constinit Real<decltype(::writev)> real("writev");
    if (!must_not_block()) [[likely]] {
        return real(descriptor, parts, count);
    }
    return watch_call("writev", wait_to_write(descriptor), ASYNCBENCH_CALLER,
                      [&] { return real(descriptor, parts, count); });
}

ssize_t pwrite(int descriptor, const void* buffer, size_t size, off_t offset) {
    static constinit Real<decltype(::pwrite)> real("pwrite");
    if (!must_not_block()) [[likely]] {
        return real(descriptor, buffer, size, offset);
    }
    return watch_call("pwrite", wait_to_write(descriptor), ASYNCBENCH_CALLER,
                      [&] { return real(descriptor, buffer, size, offset); });
}

ssize_t send(int descriptor, const void* buffer, size_t size, int flags) {
    static constinit Real<decltype(::send)> real("send");
    if (!must_not_block()) [[likely]] {
        return real(descriptor, buffer, size, flags);
    }
    return watch_call("send", wait_to_send(descriptor, flags), ASYNCBENCH_CALLER,
                      [&] { return real(descriptor, buffer, size, flags); });
}

ssize_t sendto(int descriptor, const void* buffer, size_t size, int flags, const sockaddr* address,
               socklen_t length) {
    static constinit Real<decltype(::sendto)> real("sendto");
    if (!must_not_block()) [[likely]] {
        return real(descriptor, buffer, size, flags, address, length);
    }
    return watch_call("sendto", wait_to_send(descriptor, flags), ASYNCBENCH_CALLER,
                      [&] { return real(descriptor, buffer, size, flags, address, length); });
}

ssize_t sendmsg(int descriptor, const msghdr* message, int flags) {
    static constinit Real<decltype(::sendmsg)> real("sendmsg");
    if (!must_not_block()) [[likely]] {
        return real(descriptor, message, flags);
    }
    return watch_call("sendmsg", wait_to_send(descriptor, flags), ASYNCBENCH_CALLER,
                      [&] { return real(descriptor, message, flags); });
}

int fsync(int descriptor) {
    static constinit Real<decltype(::fsync)> real("fsync");
    if (!must_not_block()) [[likely]] {
        return real(descriptor);
    }
    return watch_call("fsync", Wait::certain, ASYNCBENCH_CALLER, [&] { return real(descriptor); });
}

int fdatasync(int descriptor) {
    static constinit Real<decltype(::fdatasync)> real("fdatasync");
    if (!must_not_block()) [[likely]] {
        return real(descriptor);
    }
    return watch_call("fdatasync", Wait::certain, ASYNCBENCH_CALLER, [&] { return real(descriptor); });
}

int flock(int descriptor, int operation) noexcept {
    static constinit Real<int(int, int)> real("flock");
    if (!must_not_block() || (operation & LOCK_NB) != 0) [[likely]] {
        return real(descriptor, operation);
    }
    const int error = errno;
    const int at_once = real(descriptor, operation | LOCK_NB);
    if (at_once == 0 || errno != EWOULDBLOCK) {
        return watch_call("flock", Wait::no, ASYNCBENCH_NO_CALLER, [&] { return at_once; });
    }
    errno = error;
    return watch_call("flock", Wait::certain, ASYNCBENCH_NO_CALLER,
                      [&] { return real(descriptor, operation); });
}

// What -D_FORTIFY_SOURCE makes of calls whose buffer is known. The names are the C library's.
// NOLINTBEGIN(bugprone-reserved-identifier)
ssize_t __read_chk(int descriptor, void* buffer, size_t size, size_t room) {
    static constinit Real<ssize_t(int, void*, size_t, size_t)> real("__read_chk");
    return size > room ? real(descriptor, buffer, size, room) : read(descriptor, buffer, size);
}
ssize_t __recv_chk(int descriptor, void* buffer, size_t size, size_t room, int flags) {
    static constinit Real<ssize_t(int, void*, size_t, size_t, int)> real("__recv_chk");
    return size > room ? real(descriptor, buffer, size, room, flags) : recv(descriptor, buffer, size, flags);
}
// NOLINTEND(bugprone-reserved-identifier)

}  // extern "C"

#endif
