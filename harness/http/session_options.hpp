#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>

#include "async/clock.hpp"

namespace asyncbench {

/// What all sessions have in common, so that strategies differ in their concurrency and in nothing else.
struct SessionOptions {
    std::uint32_t max_connections = 64;  ///< kept alive; the callers' concurrency bounds those open
    Nanoseconds timeout{std::chrono::seconds{30}};
    /// Where it becomes true, transfers of a BlockingSession are given up, within a second.
    const std::atomic<bool>* interrupted = nullptr;
};

}  // namespace asyncbench
