#pragma once

#include "harness/engine/socket_address.hpp"

namespace asyncbench {

/// Opens a socket that does not block, asks for receive stamps and for packets without delay, and begins to
/// connect. Returns the descriptor; `error` is 0 where it is connected, EINPROGRESS where it will be, else
/// errno of what failed, and the descriptor is -1.
int begin_connect(const SocketAddress& address, int& error);

/// What became of a connection that was in progress: 0 or errno.
int connect_result(int descriptor);

}  // namespace asyncbench
