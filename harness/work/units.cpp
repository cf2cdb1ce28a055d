#include "harness/work/units.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>

#include "async/errors.hpp"

namespace asyncbench {
namespace {

struct Quantity {
    double number;
    std::string_view unit;
    std::string_view rest;
};

/// Splits the leading `number unit` off `text`; a number of NaN says that there was none.
Quantity take_quantity(std::string_view text) {
    double number = std::numeric_limits<double>::quiet_NaN();
    const auto [end, error] =
        std::from_chars(text.data(), text.data() + text.size(), number, std::chars_format::fixed);
    // The sign is looked at in the text: -0 is not below 0.
    if (error != std::errc{} || !std::isfinite(number) || text.starts_with('-')) {
        return {std::numeric_limits<double>::quiet_NaN(), {}, text};
    }
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    std::size_t length = 0;
    while (length < text.size() && std::isalpha(static_cast<unsigned char>(text[length])) != 0) ++length;
    return {number, text.substr(0, length), text.substr(length)};
}

template <std::size_t N>
double scale_of(std::string_view unit, const std::array<std::pair<std::string_view, double>, N>& units) {
    for (const auto& [name, scale] : units) {
        if (name == unit) return scale;
    }
    return std::numeric_limits<double>::quiet_NaN();
}

constexpr std::array<std::pair<std::string_view, double>, 7> duration_units{
    {{"h", 3600e9}, {"m", 60e9}, {"s", 1e9}, {"ms", 1e6}, {"us", 1e3}, {"ns", 1}, {"", 1e9}}};
constexpr std::array<std::pair<std::string_view, double>, 16> size_units{{{"", 1},
                                                                          {"B", 1},
                                                                          {"k", 1e3},
                                                                          {"K", 1e3},
                                                                          {"kB", 1e3},
                                                                          {"KB", 1e3},
                                                                          {"M", 1e6},
                                                                          {"MB", 1e6},
                                                                          {"G", 1e9},
                                                                          {"GB", 1e9},
                                                                          {"Ki", 1024},
                                                                          {"KiB", 1024},
                                                                          {"Mi", 1048576},
                                                                          {"MiB", 1048576},
                                                                          {"Gi", 1073741824},
                                                                          {"GiB", 1073741824}}};
constexpr std::array<std::pair<std::string_view, double>, 5> count_units{
    {{"", 1}, {"k", 1e3}, {"K", 1e3}, {"m", 1e6}, {"M", 1e6}}};

template <typename T>
T within(const Limits<T>& limits, T value, std::string_view text) {
    if (limits.holds(value)) return value;
    throw UsageError(fmt::format("'{}' is out of range; it must be {}.", text, limits.words));
}

template <std::size_t N>
std::uint64_t parse_whole(std::string_view text, std::string_view what, std::string_view examples,
                          const std::array<std::pair<std::string_view, double>, N>& units) {
    // A seed may need all 64 bits, of which a double holds 53.
    std::uint64_t digits = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), digits);
    if (error == std::errc{} && end == text.data() + text.size()) return digits;
    const Quantity quantity = take_quantity(text);
    const double value = quantity.number * scale_of(quantity.unit, units);
    const double whole = std::round(value);
    // 1.001k is 1000.9999999999999 in binary, and means 1001.
    const bool is_whole = std::abs(value - whole) <= value * std::numeric_limits<double>::epsilon();
    if (!quantity.rest.empty() || !(value <= 1e15) || !is_whole) {
        throw UsageError(fmt::format("'{}' is no {}; write it like {}.", text, what, examples));
    }
    return static_cast<std::uint64_t>(whole);
}

}  // namespace

Nanoseconds parse_duration(std::string_view text, const Limits<Nanoseconds>& limits) {
    const auto fail = [&] {
        return UsageError(
            fmt::format("'{}' is no duration; write it like 500us, 20ms, 1.5s or 1m30s.", text));
    };
    double total_ns = 0;
    std::string_view rest = text;
    do {
        const Quantity quantity = take_quantity(rest);
        const double scale = scale_of(quantity.unit, duration_units);
        if (!std::isfinite(quantity.number * scale)) throw fail();
        if (quantity.unit.empty() && (quantity.number != 0 || rest.data() != text.data())) {
            if (rest.data() != text.data() || !quantity.rest.empty()) throw fail();
            throw UsageError(fmt::format("'{0}' has no unit; write {0}ms or {0}s.", text));
        }
        total_ns += quantity.number * scale;
        rest = quantity.rest;
    } while (!rest.empty());
    // All limits end before 1e18 ns, and llround() does not reach beyond 9.2e18.
    return within(limits, Nanoseconds{std::llround(std::min(total_ns, 1e18))}, text);
}

std::uint64_t parse_size(std::string_view text, const Limits<std::uint64_t>& limits) {
    return within(limits, parse_whole(text, "size", "512, 4KiB or 1MB", size_units), text);
}

std::uint64_t parse_count(std::string_view text, const Limits<std::uint64_t>& limits) {
    return within(limits, parse_whole(text, "count", "64, 10k or 1m", count_units), text);
}

namespace {

/// A plain decimal number that is not negative, times a power of ten; none where `text` is another. Rounded
/// once: 0.7 % is 0.007, where 0.7 / 100 is a little less.
std::optional<double> decimal(std::string_view text, int exponent = 0) {
    double number = 0;
    const char* const end = text.data() + text.size();
    const auto plain = std::from_chars(text.data(), end, number, std::chars_format::fixed);
    if (plain.ec != std::errc{} || plain.ptr != end || !std::isfinite(number) || text.starts_with('-'))
        return std::nullopt;
    if (exponent == 0) return number;
    const std::string scaled = fmt::format("{}e{}", text, exponent);
    if (std::from_chars(scaled.data(), scaled.data() + scaled.size(), number).ec != std::errc{})
        return std::nullopt;
    return number;
}

}  // namespace

double parse_number(std::string_view text, std::string_view what, const Limits<double>& limits) {
    const auto number = decimal(text);
    if (!number) {
        throw UsageError(
            fmt::format("'{}' is no {}; it must be a plain number that is not negative.", text, what));
    }
    return within(limits, *number, text);
}

double parse_rate(std::string_view text, const Limits<double>& limits) {
    std::string_view digits = text;
    if (digits.ends_with("/s")) digits.remove_suffix(2);
    int exponent = 0;
    for (const auto& [unit, power] : {std::pair{'k', 3}, {'K', 3}, {'m', 6}, {'M', 6}})
        if (digits.ends_with(unit)) exponent = power;
    if (exponent != 0) digits.remove_suffix(1);
    const auto rate = decimal(digits, exponent);
    if (!rate) {
        throw UsageError(
            fmt::format("'{}' is no rate; write requests a second like 2000, 1.5k or 2k/s.", text));
    }
    return within(limits, *rate, text);
}

double parse_share(std::string_view text, std::string_view what) {
    const bool is_percent = text.ends_with('%');
    const auto share = is_percent ? decimal(text.substr(0, text.size() - 1), -2) : decimal(text);
    if (!share) throw UsageError(fmt::format("'{}' is no {}; write it like 0.05 or 5%.", text, what));
    return within(share_limits, *share, text);
}

std::string number_text(double number) {
    std::array<char, 400> digits{};  // the least double has 324 after the point
    return {
        digits.data(),
        std::to_chars(digits.data(), digits.data() + digits.size(), number, std::chars_format::fixed).ptr};
}

std::string to_text(Nanoseconds duration) {
    const auto ns = static_cast<double>(duration.count());
    if (duration.count() == 0) return "0s";
    if (ns >= 1e9) return fmt::format("{}s", ns / 1e9);
    if (ns >= 1e6) return fmt::format("{}ms", ns / 1e6);
    if (ns >= 1e3) return fmt::format("{}us", ns / 1e3);
    return fmt::format("{}ns", duration.count());
}

}  // namespace asyncbench
