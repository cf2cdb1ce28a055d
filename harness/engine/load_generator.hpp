#pragma once

#include <atomic>

#include "harness/engine/load_measurement.hpp"
#include "harness/engine/load_spec.hpp"

namespace asyncbench {

/// Puts the load on the server and returns what all threads saw together. Blocks; where `interrupted` becomes
/// true, no further request starts, and the measured time ends there. Throws Error where the kernel refuses what
/// it needs.
LoadMeasurement generate_load(const LoadSpec& spec, const std::atomic<bool>& interrupted);

}  // namespace asyncbench
