#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

#include "async/clock.hpp"

namespace asyncbench {

/// The field of a response's header by which a target says how long it held the request: nanoseconds from the
/// request's arrival to the first byte of the answer, in decimal digits. docs/target-contract.md.
inline constexpr std::string_view held_field_name = "Held-Ns";

/// As our own targets write it: with leading zeros, so that it can be put into a head that is prepared.
/// Enough for 2.7 hours.
inline constexpr std::size_t held_digits = 13;
void write_held(Nanoseconds held, std::span<char, held_digits> digits);

/// Reads the field's value, blanks around it allowed. None where it is anything but 1 to 15 digits.
std::optional<Nanoseconds> held_from_value(std::string_view value);

/// The same of a whole line of a header, of whatever field; its name may be in either case.
std::optional<Nanoseconds> held_from_line(std::string_view line);

}  // namespace asyncbench
