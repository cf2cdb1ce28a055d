#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace asyncbench {

/// RFC 4648, section 4: the standard alphabet, padded.
std::string encode_base64(std::string_view bytes);

/// None where `text` is not exactly what encode_base64() makes of some bytes.
std::optional<std::string> decode_base64(std::string_view text);

}  // namespace asyncbench
