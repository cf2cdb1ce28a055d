#pragma once

namespace asyncbench {

/// Which interface of the kernel the load generator uses.
enum class IoKind { uring, epoll };

}  // namespace asyncbench
