#pragma once

#include <atomic>
#include <functional>
#include <vector>

#include "harness/engine/load_measurement.hpp"
#include "harness/engine/load_second.hpp"
#include "harness/engine/load_spec.hpp"

namespace asyncbench {

struct GeneratedLoad {
    LoadMeasurement measurement;  ///< of all threads
    /// Of the measured time, ascending; the last one may be cut off by its end. Seconds in which no thread
    /// had a turn are missing.
    std::vector<LoadSecond> seconds;
};

/// Puts the load on the server and returns what all threads saw together. Blocks; where `interrupted` becomes
/// true, no further request starts, and the measured time ends there. `observer`, which may be empty, hears
/// of each second from the calling thread. Throws Error where the kernel refuses what it needs.
GeneratedLoad generate_load(const LoadSpec& spec, const std::atomic<bool>& interrupted,
                            const std::function<void(const LoadSoFar&)>& observer = {});

}  // namespace asyncbench
