#pragma once

#include <atomic>

#include "harness/engine/load_spec.hpp"

namespace asyncbench {

/// Whether the server of `spec`, which has TLS, chooses HTTP/2 where both versions are offered. Opens one
/// connection and closes it. False where that cannot be opened within the timeout, or `interrupted` becomes
/// true: the load then tells what is the matter. Throws Error where a file of the TLS options cannot be used.
bool chooses_http2(const LoadSpec& spec, const std::atomic<bool>& interrupted);

}  // namespace asyncbench
