#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "async/clock.hpp"

namespace asyncbench {

enum class TransportError { none, connect, timeout, closed, cancelled, other };

/// What came back of one request. Errors are values here: which of them stops the caller is the caller's
/// matter.
struct Response {
    TransportError error = TransportError::none;
    int status = 0;               ///< 0 where no whole response arrived
    bool new_connection = false;  ///< whether a connection was opened for it
    /// From the request's arrival at the target to its answer's first byte; none where the target does not
    /// say.
    std::optional<Nanoseconds> held = {};
    /// Whole; where `body_skipped` is over 0, its first bytes and its last one.
    std::string body = {};
    std::uint64_t body_skipped = 0;  ///< bytes between these that were received and not kept
    /// Why it failed, in the client library's words; of a response that redirects, where to.
    std::string message = {};

    std::uint64_t body_bytes() const { return body.size() + body_skipped; }
    bool ok() const { return error == TransportError::none && status < 400; }
};

/// Called once with what came back; may start further requests.
using Completion = std::function<void(Response)>;

}  // namespace asyncbench
