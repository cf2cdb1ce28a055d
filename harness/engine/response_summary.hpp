#pragma once

#include <cstdint>
#include <optional>

#include "async/clock.hpp"

namespace asyncbench {

/// What the engine keeps of a response.
struct ResponseSummary {
    int status = 0;
    bool keep_alive = true;             ///< the connection may carry another request
    std::uint64_t body_bytes = 0;       ///< without the framing of chunks
    std::optional<Nanoseconds> held{};  ///< Held-Ns, of targets that tell it

    bool operator==(const ResponseSummary&) const = default;
};

}  // namespace asyncbench
