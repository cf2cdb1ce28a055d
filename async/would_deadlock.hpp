#pragma once

#include <string>

#include "async/site.hpp"

namespace asyncbench::detail {

/// Reports a waits_for_own_loop finding, and throws Error: `message`, and that `what` was called at `site`.
[[noreturn]] void throw_would_deadlock(const std::string& message, const char* what, const Site& site);

/// Throws so where this thread is in the run() of a loop.
void require_not_on_loop(const char* what, const Site& site);

}  // namespace asyncbench::detail
