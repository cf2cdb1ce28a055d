#include "harness/engine/io.hpp"

#include <cerrno>
#include <cstring>

#include "harness/engine/epoll_io.hpp"
#include "harness/engine/server_io.hpp"
#include "harness/engine/uring_io.hpp"

namespace asyncbench {

std::string_view Opened::words() const {
    // What a Unix socket says of connect(2).
    if (error == EAGAIN) return "the server's queue of new connections is full";
    return error != 0 ? std::strerror(error) : problem;
}

std::unique_ptr<Io> make_io(IoKind kind, std::uint32_t connections) {
    return make_server_io(kind, connections);
}

std::unique_ptr<ServerIo> make_server_io(IoKind kind, std::uint32_t connections) {
    return kind == IoKind::uring ? make_uring_io(connections) : make_epoll_io(connections);
}

}  // namespace asyncbench
