#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/run_result.hpp"

namespace asyncbench {

// Numbers for people: three significant digits or a whole number, thousands apart, with the unit.

/// What stands where there is no number.
inline constexpr const char* no_value = "–";

std::string human_number(double value);        ///< `12,700`, `49.3`, `0.0123`
std::string human_count(std::uint64_t value);  ///< `12,700`
/// `1 trial`, `5 trials`
std::string counted(std::uint64_t count, std::string_view noun);
std::string human_rate(double per_second);   ///< `12,700/s`
std::string human_time(double nanoseconds);  ///< `850 µs`, `20.1 ms`, `1.50 s`
/// A percentile of times in nanoseconds, as human_time(); no_value where there are none.
std::string human_percentile(const Histogram& times, double percentile);
std::string human_bytes(double bytes);    ///< `92.0 kB`, `6.51 MB`; powers of 1000
std::string human_percent(double share);  ///< `98.4 %`

/// A deviation of 0 or more to two digits, trailing zeros included: `0.20 %`, `1.5 %`, `12 %`.
std::string human_deviation(double share);

/// A value of the metric in the unit that the catalogue gives it.
std::string human_metric(std::string_view metric, double value);

/// `9,020/s [8,950–9,100]`, `20.1 ms [19.9–20.4]`; the value alone where has_interval() is false.
std::string human_estimate(std::string_view metric, const Estimate& estimate);
/// Several values with the interval that holds all of theirs: `12,335–12,424/s [12,296–12,469]`, the first
/// two being `lowest` and the estimate's value; one where both print alike.
std::string human_range(std::string_view metric, double lowest, const Estimate& highest);
std::string human_ratio(const Estimate& ratio);  ///< `63.9× [63.1–64.5]`
/// `63.2–63.9× [62.8–64.5]`, as human_range().
std::string human_ratio_range(double lowest, const Estimate& highest);

/// Whether the interval is shown and may rank: its confidence is least_confidence_to_rank or more, which
/// takes five values.
bool has_interval(const Estimate& estimate);

/// The confidence of those intervals that are shown: `93.8 %`, `93.8 % to 95.7 %`; empty where none is.
std::string confidence_text(const std::vector<Estimate>& estimates);

/// `20 to 80`; one of them where both read alike.
std::string span_text(const std::string& least, const std::string& most);

/// Columns that UTF-8 text takes in a terminal, if no character is wide.
std::size_t columns_of(std::string_view text);

/// Bytes of the first `characters` of UTF-8 text, or of all of it where there are no more.
std::size_t bytes_of(std::string_view text, std::size_t characters);

/// At most so many columns, the last of them "…" where something was left out.
std::string shortened(std::string_view text, std::size_t columns);

/// The same with the middle left out: names often differ at their ends. Of three columns or more.
std::string shortened_inside(std::string_view text, std::size_t columns);

/// Text from outside as every output may show it, in valid UTF-8: bytes that are none become U+FFFD. Control
/// characters, line ends included, stand as `\n` or `\x1b`, and those that reorder text as `\u202e`, as none
/// may steer a terminal. `##[` stands as `#\x23[`, which CI systems take for a command wherever it is in a
/// line.
std::string printable(std::string_view text);

/// A line of a log as it is, unless GitHub Actions would take it for a command: `::error::` at its beginning
/// stands as `\x3a:error::` (github.com/actions/runner, src/Runner.Common/ActionCommand.cs).
std::string without_command(std::string line);

}  // namespace asyncbench
