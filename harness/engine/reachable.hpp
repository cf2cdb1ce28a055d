#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <vector>

#include "async/clock.hpp"

namespace asyncbench {

/// Of several addresses of a host, in the order of its lookup, those that a load is dealt out to: the ones
/// that accept a connection to `port` and are of the family of the first that does. A server often listens at
/// one of the addresses of `localhost` alone. The first address where none accepts until `deadline`, or where
/// `interrupted` becomes true. Opens a connection to each and closes it.
std::vector<std::string> reachable(const std::vector<std::string>& addresses, std::uint16_t port,
                                   TimePoint deadline, const std::atomic<bool>& interrupted);

}  // namespace asyncbench
