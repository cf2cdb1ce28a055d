#pragma once

#include <string>

namespace asyncbench {

/// The time of day in seconds, as results have it: `2026-11-29T08:00:00Z` (RFC 3339).
std::string utc_now();

}  // namespace asyncbench
