#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <vector>

#include "async/clock.hpp"
#include "harness/http/shared_bytes.hpp"
#include "harness/http/tls_options.hpp"

namespace asyncbench {

/// One HTTP request.
struct HttpRequest {
    std::string url = {};
    std::string method = "GET";
    std::vector<std::string> headers = {};  ///< whole lines, `Accept: text/html`
    SharedBytes body = {};
};

/// What all sessions have in common, so that strategies differ in their concurrency and in nothing else.
struct SessionOptions {
    std::uint32_t max_connections = 64;  ///< kept alive; the callers' concurrency bounds those open
    Nanoseconds timeout{std::chrono::seconds{30}};
    TlsOptions tls = {};
    /// Where it becomes true, transfers of a BlockingSession are given up, within a second.
    const std::atomic<bool>* interrupted = nullptr;
};

}  // namespace asyncbench
