#pragma once

#include <atomic>

namespace asyncbench {

/// Installs handlers for SIGINT, SIGTERM and, unless it is ignored, SIGHUP: the first sets the flag that is
/// returned, a second SIGINT or SIGTERM ends the program at once with status 130, and all children with it.
const std::atomic<bool>& watch_for_interruption();

}  // namespace asyncbench
