#pragma once

#include <cstdint>
#include <memory>

#include "harness/engine/server_io.hpp"

namespace asyncbench {

/// On epoll(7), level-triggered: a system call for each send and each receive. Throws Error where the kernel
/// gives no descriptor.
std::unique_ptr<ServerIo> make_epoll_io(std::uint32_t connections);

}  // namespace asyncbench
