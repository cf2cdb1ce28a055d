#pragma once

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

}  // namespace asyncbench
