#pragma once

#include <cstdint>
#include <string_view>

#include "async/clock.hpp"

namespace asyncbench {

/// The right to send one request.
struct Ticket {
    std::uint64_t id = 0;
    std::string_view trial = {};    ///< whose request it is; as long-lived as the plan that gave the ticket
    TimePoint intended_start = {};  ///< wait until then before sending; response time counts from here
    bool early = false;             ///< open loop: taken before its intended start, with time to be punctual
    bool late = false;  ///< open loop: taken over a millisecond after it, because no user was free
};

}  // namespace asyncbench
