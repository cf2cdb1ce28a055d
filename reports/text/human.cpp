#include "reports/text/human.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "analysis/summary.hpp"
#include "harness/trial/metric.hpp"

namespace asyncbench {
namespace {

std::string grouped(std::string_view digits) {
    std::string text;
    for (std::size_t i = 0; i < digits.size(); ++i) {
        if (i > 0 && digits[i - 1] != '-' && (digits.size() - i) % 3 == 0) text.push_back(',');
        text.push_back(digits[i]);
    }
    return text;
}

/// What numbers of a kind are divided by, and what then stands behind them.
struct Unit {
    double scale = 1;
    std::string_view suffix;
};

constexpr std::array<Unit, 4> time_units{{{1e9, " s"}, {1e6, " ms"}, {1e3, " µs"}, {1, " ns"}}};
constexpr std::array<Unit, 4> rate_units{{{1e9, " G/s"}, {1e6, " M/s"}, {1e3, " k/s"}, {1, "/s"}}};
constexpr std::array<Unit, 4> byte_units{{{1e9, " GB"}, {1e6, " MB"}, {1e3, " kB"}, {1, " B"}}};

/// The largest unit of which there is at least one; the smallest for what is less.
Unit unit_for(double value, const std::array<Unit, 4>& units) {
    const auto found = std::find_if(units.begin(), units.end(), [&](const Unit& unit) {
        return std::abs(value) >= unit.scale * 0.9995;  // 999.7 µs would be written "1,000 µs"
    });
    return found == units.end() ? units.back() : *found;
}

Unit unit_of(std::string_view metric, double value) {
    const std::string_view unit = metric_kind(metric).unit;
    if (unit == "ns") return unit_for(value, time_units);
    if (unit == "us/request") {
        const Unit found = unit_for(value * 1e3, time_units);
        return {found.scale / 1e3, found.suffix};
    }
    if (unit == "bytes" || unit == "bytes/request") return unit_for(value, byte_units);
    if (unit == "share") return {0.01, " %"};
    if (unit == "1/s") return unit_for(value, rate_units);
    if (unit == "requests/s") return {1, "/s"};
    return {};
}

std::string in_unit(double value, const Unit& unit) {
    return fmt::format("{}{}", human_number(value / unit.scale), unit.suffix);
}

std::string with_interval(const Estimate& estimate, const Unit& unit) {
    std::string text = in_unit(estimate.value, unit);
    if (!has_interval(estimate)) return text;
    return fmt::format("{} [{}–{}]", text, human_number(estimate.low / unit.scale),
                       human_number(estimate.high / unit.scale));
}

std::string range_in(double lowest, const Estimate& highest, const Unit& unit) {
    const std::string from = human_number(lowest / unit.scale);
    const bool alike = from == human_number(highest.value / unit.scale);
    return (alike ? "" : from + "–") + with_interval(highest, unit);
}

constexpr std::string_view replacement_character = "\ufffd";

struct Character {
    unsigned code = 0;
    std::size_t bytes = 0;  ///< of its UTF-8; 0 where the text begins with none
};

/// The first character of a text that is not empty, by Unicode 15, table 3-7 "Well-Formed UTF-8 Byte
/// Sequences": neither longer than it needs to be, nor a surrogate, nor beyond U+10FFFF.
Character character_at(std::string_view text) {
    const auto byte = [&](std::size_t i) -> unsigned { return static_cast<unsigned char>(text[i]); };
    const unsigned first = byte(0);
    if (first < 0x80) return {first, 1};
    const std::size_t bytes = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
    if (first < 0xc2 || first > 0xf4 || text.size() < bytes) return {};
    unsigned code = first & (0x7fU >> bytes);
    for (std::size_t i = 1; i < bytes; ++i) {
        if ((byte(i) & 0xc0) != 0x80) return {};
        code = code << 6 | (byte(i) & 0x3fU);
    }
    constexpr unsigned least[] = {0x80, 0x800, 0x10000};
    const bool valid = code >= least[bytes - 2] && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff);
    return valid ? Character{code, bytes} : Character{};
}

/// Characters beyond ASCII that steer a terminal: C1 controls, and what reorders text that is read from right
/// to left (Unicode Standard Annex 9, "Directional Formatting Characters").
bool steers(unsigned code) {
    return (code >= 0x80 && code <= 0x9f) || code == 0x200e || code == 0x200f ||
           (code >= 0x202a && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069);
}

/// Of .NET, in which GitHub's runner is written: Unicode's White_Space.
bool is_space(unsigned code) {
    return code == ' ' || (code >= 0x09 && code <= 0x0d) || code == 0x85 || code == 0xa0 || code == 0x1680 ||
           (code >= 0x2000 && code <= 0x200a) || code == 0x2028 || code == 0x2029 || code == 0x202f ||
           code == 0x205f || code == 0x3000;
}

}  // namespace

std::string human_number(double value) {
    if (!std::isfinite(value)) return "unknown";
    const double size = std::abs(value);
    if (value == 0) return "0";
    if (size >= 99.95) return grouped(fmt::format("{:.0f}", value));
    if (size >= 9.995) return fmt::format("{:.1f}", value);
    if (size >= 0.9995) return fmt::format("{:.2f}", value);
    if (size >= 0.0001)
        return fmt::format("{:.{}f}", value, 2 - static_cast<int>(std::floor(std::log10(size))));
    return fmt::format("{:.2e}", value);
}

std::string human_count(std::uint64_t value) {
    return grouped(fmt::format("{}", value));
}

std::string counted(std::uint64_t count, std::string_view noun) {
    return fmt::format("{} {}{}", human_count(count), noun, count == 1 ? "" : "s");
}

std::string human_rate(double per_second) {
    return fmt::format("{}/s", human_number(per_second));
}

std::string human_time(double nanoseconds) {
    return in_unit(nanoseconds, unit_for(nanoseconds, time_units));
}

std::string human_percentile(const Histogram& times, double percentile) {
    return times.empty() ? std::string(no_value)
                         : human_time(static_cast<double>(times.value_at_percentile(percentile)));
}

std::string human_bytes(double bytes) {
    return in_unit(bytes, unit_for(bytes, byte_units));
}

std::string human_percent(double share) {
    return fmt::format("{} %", human_number(share * 100));
}

std::string human_deviation(double share) {
    const double percent = share * 100;
    if (!std::isfinite(percent)) return "unknown";
    if (percent <= 0) return "0 %";
    if (percent >= 9.95) return fmt::format("{:.0f} %", percent);
    if (percent >= 0.995) return fmt::format("{:.1f} %", percent);
    return fmt::format("{:.{}f} %", percent, 1 - static_cast<int>(std::floor(std::log10(percent * 1.005))));
}

std::string human_metric(std::string_view metric, double value) {
    return in_unit(value, unit_of(metric, value));
}

std::string human_estimate(std::string_view metric, const Estimate& estimate) {
    // 0 has no unit of its own.
    const double size = estimate.value == 0 ? estimate.high : estimate.value;
    return with_interval(estimate, unit_of(metric, size));
}

std::string human_range(std::string_view metric, double lowest, const Estimate& highest) {
    return range_in(lowest, highest, unit_of(metric, highest.value));
}

std::string human_ratio(const Estimate& ratio) {
    return with_interval(ratio, {1, "×"});
}

std::string human_ratio_range(double lowest, const Estimate& highest) {
    return range_in(lowest, highest, {1, "×"});
}

bool has_interval(const Estimate& estimate) {
    return estimate.confidence >= least_confidence_to_rank;
}

std::string confidence_text(const std::vector<Estimate>& estimates) {
    std::vector<double> confidences;
    for (const Estimate& estimate : estimates) {
        if (has_interval(estimate)) confidences.push_back(estimate.confidence);
    }
    if (confidences.empty()) return {};
    const auto [least, most] = std::minmax_element(confidences.begin(), confidences.end());
    return span_text(human_percent(*least), human_percent(*most));
}

std::string span_text(const std::string& least, const std::string& most) {
    return least == most ? most : fmt::format("{} to {}", least, most);
}

std::size_t columns_of(std::string_view text) {
    return static_cast<std::size_t>(std::count_if(
        text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

std::size_t bytes_of(std::string_view text, std::size_t characters) {
    std::size_t end = 0;
    for (std::size_t seen = 0; end < text.size(); ++end) {
        const bool starts = (static_cast<unsigned char>(text[end]) & 0xc0) != 0x80;
        if (starts && ++seen > characters) break;
    }
    return end;
}

std::string shortened(std::string_view text, std::size_t columns) {
    if (columns_of(text) <= columns) return std::string(text);
    return std::string(text.substr(0, bytes_of(text, columns - 1))) + "…";
}

std::string shortened_inside(std::string_view text, std::size_t columns) {
    const std::size_t all = columns_of(text);
    if (all <= columns) return std::string(text);
    const std::size_t first = columns / 2;
    const std::size_t last = columns - 1 - first;
    return fmt::format("{}…{}", text.substr(0, bytes_of(text, first)),
                       text.substr(bytes_of(text, all - last)));
}

std::string printable(std::string_view text) {
    std::string result;
    while (!text.empty()) {
        const auto [code, bytes] = character_at(text);
        if (bytes == 0) {
            result += replacement_character;
        } else if (steers(code)) {
            result += fmt::format("\\u{:04x}", code);
        } else if (code == '\n') {
            result += "\\n";
        } else if (code < 0x20 || code == 0x7f) {
            result += fmt::format("\\x{:02x}", code);
        } else if (code == '[' && result.ends_with("##")) {
            result.replace(result.size() - 1, 1, "\\x23");
            result += '[';
        } else {
            result += text.substr(0, bytes);
        }
        text.remove_prefix(std::max<std::size_t>(bytes, 1));
    }
    return result;
}

std::string without_command(std::string line) {
    std::string_view rest = line;
    while (!rest.empty()) {
        const auto [code, bytes] = character_at(rest);
        if (!is_space(code)) break;
        rest.remove_prefix(bytes);
    }
    if (rest.starts_with("::")) line.replace(line.size() - rest.size(), 1, "\\x3a");
    return line;
}

}  // namespace asyncbench
