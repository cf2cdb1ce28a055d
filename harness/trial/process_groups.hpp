#pragma once

#include <sys/types.h>

namespace asyncbench {

/// The process groups of the children that run, for whoever must end them at once. Any thread.
void note_process_group(pid_t group) noexcept;
void forget_process_group(pid_t group) noexcept;

/// SIGKILL to each of them. Async-signal-safe: for a handler that ends the program next, so that no
/// destructor will. Of more than 64 children at once the rest is left to what notices our end.
void kill_process_groups() noexcept;

}  // namespace asyncbench
