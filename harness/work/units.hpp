#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "async/clock.hpp"

namespace asyncbench {

/// `500us`, `20ms`, `1.5s`, `1m30s`, `2h`, `0`; any other bare number could be seconds or milliseconds, and
/// is refused. Throws UsageError on anything else, on negative values and on values over 1000 hours.
Nanoseconds parse_duration(std::string_view text);

/// `0`, `512`, `4KiB`, `1MB`; k/K, M, G are powers of 1000, Ki, Mi, Gi of 1024, with or without `B`.
/// Throws UsageError.
std::uint64_t parse_size(std::string_view text);

/// `64`, `10k`, `1m`. Throws UsageError.
std::uint64_t parse_count(std::string_view text);

/// A finite number >= 0, whole text used. Throws UsageError that names `what`.
double parse_number(std::string_view text, std::string_view what);

/// The shortest text that parse_duration reads back to the same value: `20ms`, `1.5s`, `0s`.
std::string to_text(Nanoseconds duration);

}  // namespace asyncbench
