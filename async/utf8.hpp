#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace asyncbench {

/// Text from outside as UTF-8: each byte that is none becomes U+FFFD.
std::string as_utf8(std::string_view text);

/// UTF-8 text, or where it is longer than `most` bytes its beginning and how long it is: `abc… (20000 bytes)`.
/// Cuts no character; the beginning has at most `most` bytes.
std::string excerpt(std::string_view text, std::size_t most);

/// The same for text that tells things apart: of two texts that differ anywhere the excerpts differ, too.
std::string distinct_excerpt(std::string_view text, std::size_t most);

}  // namespace asyncbench
