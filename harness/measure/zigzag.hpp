#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace asyncbench {

/// At most this many bytes a number: the 9th has no continuation bit and holds 8 bits of the number.
inline constexpr std::size_t zigzag_longest = 9;

/// Appends `number` in HdrHistogram's "LEB128-64b9B" form: near 0 short, whatever the sign.
inline void append_zigzag(std::string& bytes, std::int64_t number) {
    auto rest = static_cast<std::uint64_t>(number) << 1 ^ static_cast<std::uint64_t>(number >> 63);
    for (std::size_t i = 1; i < zigzag_longest && rest >= 0x80; ++i, rest >>= 7) {
        bytes += static_cast<char>((rest & 0x7FU) | 0x80U);
    }
    bytes += static_cast<char>(rest);
}

/// Takes one number off the front of `bytes`; none where it ends within the number.
inline std::optional<std::int64_t> take_zigzag(std::string_view& bytes) {
    std::uint64_t number = 0;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        const auto byte = static_cast<std::uint64_t>(static_cast<unsigned char>(bytes[i]));
        const bool last = byte < 0x80 || i + 1 == zigzag_longest;
        number |= (i + 1 == zigzag_longest ? byte : byte & 0x7FU) << (7 * i);
        if (!last) continue;
        bytes.remove_prefix(i + 1);
        return static_cast<std::int64_t>(number >> 1 ^ (~(number & 1U) + 1U));
    }
    return std::nullopt;
}

}  // namespace asyncbench
