#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

#include "async/clock.hpp"

namespace asyncbench {

/// The values that an option may have, both ends included. They stand beside what the option sets, and hold
/// for flags, scenario files and trial specs alike.
template <typename T>
struct Limits {
    T least;
    T most;
    std::string_view words;  ///< `from 1 to 1000000`: what messages say after "must be"

    constexpr bool holds(T value) const { return value >= least && value <= most; }
};

inline constexpr Limits<Nanoseconds> any_duration{Nanoseconds{0}, std::chrono::hours{1000},
                                                  "from 0s to 1000h"};
inline constexpr Limits<std::uint64_t> any_count{0, std::numeric_limits<std::uint64_t>::max(),
                                                 "from 0 to 18446744073709551615"};
inline constexpr Limits<double> any_number{0, std::numeric_limits<double>::max(), "at least 0"};
inline constexpr Limits<double> share_limits{0, 1, "from 0 to 1, or from 0% to 100%"};

// Texts as a person writes them. Each throws UsageError, a sentence that quotes the text and does not know
// which option it is for, where the form is wrong or `limits` do not hold the value.

/// `500us`, `20ms`, `1.5s`, `1m30s`, `2h`, `0`; any other bare number could be seconds or milliseconds, and
/// is refused.
Nanoseconds parse_duration(std::string_view text, const Limits<Nanoseconds>& limits = any_duration);

/// `0`, `512`, `4KiB`, `1MB`; k/K, M, G are powers of 1000, Ki, Mi, Gi of 1024, with or without `B`.
std::uint64_t parse_size(std::string_view text, const Limits<std::uint64_t>& limits = any_count);

/// `64`, `10k`, `1m`.
std::uint64_t parse_count(std::string_view text, const Limits<std::uint64_t>& limits = any_count);

/// A finite number >= 0, whole text used, without exponent. `what` is what it should have been.
double parse_number(std::string_view text, std::string_view what, const Limits<double>& limits = any_number);

/// Requests a second: `2000`, `1.5k`, `2k/s`.
double parse_rate(std::string_view text, const Limits<double>& limits);

/// A part of 1: `0.05`, `5%`. `what` as above.
double parse_share(std::string_view text, std::string_view what);

/// What parse_number() reads back: the shortest digits, never with an exponent.
std::string number_text(double number);

/// The shortest text that parse_duration reads back to the same value: `20ms`, `1.5s`, `0s`.
std::string to_text(Nanoseconds duration);

}  // namespace asyncbench
