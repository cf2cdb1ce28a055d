#include "harness/http/held_field.hpp"

#include <algorithm>
#include <cstdint>

namespace asyncbench {
namespace {

/// Eleven days. What is longer is nonsense, and could overflow.
constexpr std::size_t most_digits = 15;

constexpr bool is_blank(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

}  // namespace

void write_held(Nanoseconds held, std::span<char, held_digits> digits) {
    constexpr std::int64_t largest = 9'999'999'999'999;
    auto left = static_cast<std::uint64_t>(std::clamp<std::int64_t>(held.count(), 0, largest));
    for (std::size_t i = digits.size(); i > 0; --i, left /= 10) {
        digits[i - 1] = static_cast<char>('0' + left % 10);
    }
}

std::optional<Nanoseconds> held_from_value(std::string_view value) {
    while (!value.empty() && is_blank(value.front())) value.remove_prefix(1);
    while (!value.empty() && is_blank(value.back())) value.remove_suffix(1);
    if (value.empty() || value.size() > most_digits) return std::nullopt;
    std::int64_t held = 0;
    for (const char c : value) {
        if (c < '0' || c > '9') return std::nullopt;
        held = 10 * held + (c - '0');
    }
    return Nanoseconds{held};
}

std::optional<Nanoseconds> held_from_line(std::string_view line) {
    constexpr std::string_view name = held_field_name;
    // Called for each line of each response: the hyphen alone tells it from nearly all others.
    if (line.size() <= name.size() || line[4] != '-' || line[name.size()] != ':') return std::nullopt;
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; };
    const bool is_named = std::equal(name.begin(), name.end(), line.begin(),
                                     [&](char a, char b) { return lower(a) == lower(b); });
    return is_named ? held_from_value(line.substr(name.size() + 1)) : std::nullopt;
}

}  // namespace asyncbench
