#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "harness/engine/server_io.hpp"

namespace asyncbench {

/// On io_uring(7): sends go to the kernel in batches, and one multishot receive a connection fills buffers
/// that all share. Throws Error where the kernel refuses.
std::unique_ptr<ServerIo> make_uring_io(std::uint32_t connections);

/// Empty where make_uring_io() works here, else why not: the kernel is too old, or a container or sysctl
/// forbids io_uring.
std::string why_no_uring();

/// io_uring, or epoll where why_no_uring() says something.
IoKind best_io();

}  // namespace asyncbench
