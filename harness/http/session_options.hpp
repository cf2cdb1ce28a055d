#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>

#include "async/clock.hpp"
#include "harness/http/tls_options.hpp"

namespace asyncbench {

/// What all sessions have in common, so that strategies differ in their concurrency and in nothing else.
struct SessionOptions {
    std::uint32_t max_connections = 64;  ///< kept alive; the callers' concurrency bounds those open
    Nanoseconds timeout{std::chrono::seconds{30}};
    TlsOptions tls = {};
    /// Where it becomes true, transfers of a BlockingSession are given up, within a second.
    const std::atomic<bool>* interrupted = nullptr;
    /// Addresses in place of a lookup of the URL's host, as pinned_to() writes them (addresses.hpp). Empty:
    /// libcurl looks names up itself, in a thread for each question.
    std::string pinned = {};
    /// Of a longer body, Response::body has the beginning and the last byte alone.
    std::size_t kept_body_bytes = std::numeric_limits<std::size_t>::max();
    /// A longer body is read no further: the response ends there, and counts as whole.
    std::uint64_t most_body_bytes = std::numeric_limits<std::uint64_t>::max();
};

}  // namespace asyncbench
