#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "async/histogram.hpp"

namespace asyncbench {

/// HdrHistogram's V2 compressed encoding in base64, as its log files and its other implementations have it:
/// counts as ZigZag LEB128 with runs of zeros as negative numbers, deflated by zlib.
/// Source: HdrHistogram 2.1, AbstractHistogram and ZigZagEncoding.
std::string encode_v2(const Histogram& histogram);

/// The same neither deflated nor in base64.
std::string encode_plain_v2(const Histogram& histogram);

/// Takes histograms of any implementation with Histogram's layout: lowest discernible value 1, 3 significant
/// digits, no value over 2^42 - 1. `text` may come from anyone: memory stays under 2 MiB whatever it says.
/// Throws Error with what is wrong with it.
Histogram decode_v2(std::string_view text);

/// At most this many bytes a number: the 9th has no continuation bit and holds 8 bits of the number.
inline constexpr std::size_t zigzag_longest = 9;

/// Appends `number` in HdrHistogram's "LEB128-64b9B" form: near 0 short, whatever the sign.
void append_zigzag(std::string& bytes, std::int64_t number);

/// Takes one number off the front of `bytes`; none where it ends within the number.
std::optional<std::int64_t> take_zigzag(std::string_view& bytes);

}  // namespace asyncbench
