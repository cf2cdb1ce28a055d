#pragma once

#include "harness/engine/socket_address.hpp"

namespace asyncbench {

/// Opens a socket that does not block, asks for receive stamps and for packets without delay, and begins to
/// connect; a Unix socket has neither. Where a Unix socket's queue is full, it waits up to a millisecond for
/// room, as the kernel does not tell of it. Returns the descriptor; `error` is 0 where it is connected,
/// EINPROGRESS where it will be, else errno of what failed, and the descriptor is -1.
int begin_connect(const SocketAddress& address, int& error);

/// What became of a connection that was in progress: 0 or errno.
int connect_result(int descriptor);

}  // namespace asyncbench
