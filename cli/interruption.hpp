#pragma once

#include <atomic>

namespace asyncbench {

/// Installs handlers for SIGINT and SIGTERM: the first sets the flag that is returned, a second ends the
/// program at once with status 130. The children end with it.
const std::atomic<bool>& watch_for_interruption();

}  // namespace asyncbench
