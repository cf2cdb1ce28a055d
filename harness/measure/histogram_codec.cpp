#include "harness/measure/histogram_codec.hpp"

#include <zlib.h>

#include <bit>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "async/errors.hpp"
#include "async/histogram_layout.hpp"
#include "harness/measure/base64.hpp"

namespace asyncbench {
namespace {

namespace layout = histogram_layout;

// The second lowest hex digit of a V2 cookie is a word size: ignored by readers, 1 by writers.
constexpr std::uint32_t word_size_bits = 0xF0;
constexpr std::uint32_t word_size = 0x10;
constexpr std::uint32_t plain_cookie = 0x1C849303;
constexpr std::uint32_t compressed_cookie = 0x1C849304;

constexpr std::int64_t lowest_discernible = 1;
constexpr std::uint32_t significant_digits = 3;
constexpr double conversion_ratio = 1;

// cookie, payload length, normalizing index offset, digits, lowest, highest, conversion ratio
constexpr std::size_t header_size = 4 * 4 + 3 * 8;
constexpr std::size_t largest_plain = header_size + layout::size * zigzag_longest;
// Room for any sane compressor; deflate itself grows what it cannot shrink by less than a thousandth.
constexpr std::size_t largest_text = largest_plain * 3 / 2;
// Any count is exact as a double, and no sum of histograms overflows.
constexpr std::int64_t largest_total = std::int64_t{1} << 53;

[[noreturn]] void refuse(const std::string& why) {
    throw Error("This is no V2 encoding of a histogram that asyncbench can read: " + why + ".");
}

template <typename Unsigned>
void append_big_endian(std::string& bytes, Unsigned number) {
    for (int shift = 8 * (static_cast<int>(sizeof number) - 1); shift >= 0; shift -= 8) {
        bytes += static_cast<char>(number >> shift & 0xFFU);
    }
}

template <typename Unsigned>
Unsigned take_big_endian(std::string_view& bytes) {
    if (bytes.size() < sizeof(Unsigned)) refuse("it ends within its header");
    Unsigned number = 0;
    for (std::size_t i = 0; i < sizeof(Unsigned); ++i) {
        number = static_cast<Unsigned>(number << 8 | static_cast<unsigned char>(bytes[i]));
    }
    bytes.remove_prefix(sizeof(Unsigned));
    return number;
}

/// The counts up to the largest value. A histogram without values has one count, 0, as in Java.
std::string encode_counts(const Histogram& histogram) {
    std::string bytes;
    std::size_t next = 0;
    histogram.for_each([&](std::int64_t value, std::uint64_t count) {
        const std::size_t index = layout::index_of(value);
        const auto zeros = static_cast<std::int64_t>(index - next);
        // A single zero is a count of 0: a run of 1 would be the same number of bytes, and is not what Java
        // writes.
        if (zeros == 1) append_zigzag(bytes, 0);
        if (zeros > 1) append_zigzag(bytes, -zeros);
        append_zigzag(bytes, static_cast<std::int64_t>(count));
        next = index + 1;
    });
    if (bytes.empty()) append_zigzag(bytes, 0);
    return bytes;
}

std::string deflate(std::string_view plain) {
    uLongf size = compressBound(plain.size());
    std::string bytes(size, '\0');
    const int status = compress(reinterpret_cast<Bytef*>(bytes.data()), &size,
                                reinterpret_cast<const Bytef*>(plain.data()), plain.size());
    if (status != Z_OK)
        throw Error(std::string{"zlib could not compress a histogram: "} + zError(status) + ".");
    bytes.resize(size);
    return bytes;
}

/// Never more than largest_plain bytes, whatever `compressed` unpacks to.
std::string inflate(std::string_view compressed) {
    std::string bytes(largest_plain, '\0');
    uLongf size = bytes.size();
    uLong used = compressed.size();
    const int status = uncompress2(reinterpret_cast<Bytef*>(bytes.data()), &size,
                                   reinterpret_cast<const Bytef*>(compressed.data()), &used);
    if (status == Z_BUF_ERROR) refuse("its contents are longer than any histogram's");
    if (status != Z_OK) refuse("its contents are not what zlib wrote");
    if (used != compressed.size()) refuse("its contents end before its length says");
    bytes.resize(size);
    return bytes;
}

void check_header(std::string_view& plain) {
    if ((take_big_endian<std::uint32_t>(plain) & ~word_size_bits) != plain_cookie) {
        refuse("its contents are no V2 histogram");
    }
    const auto payload = take_big_endian<std::uint32_t>(plain);
    if (take_big_endian<std::uint32_t>(plain) != 0) refuse("its counts are shifted");
    const auto digits = take_big_endian<std::uint32_t>(plain);
    const auto lowest = take_big_endian<std::uint64_t>(plain);
    if (digits != significant_digits || lowest != static_cast<std::uint64_t>(lowest_discernible)) {
        refuse("it has " + std::to_string(digits) + " significant digits and lowest discernible value " +
               std::to_string(lowest) + "; record with 3 digits and 1");
    }
    take_big_endian<std::uint64_t>(
        plain);  // how far its writer could have counted; the counts say how far it did
    const auto ratio = std::bit_cast<double>(take_big_endian<std::uint64_t>(plain));
    if (ratio != conversion_ratio) refuse("its values are to be scaled; record whole numbers");
    if (payload != plain.size()) refuse("its counts are not as long as its header says");
}

Histogram decode_counts(std::string_view payload) {
    Histogram histogram;
    std::size_t index = 0;
    std::int64_t total = 0;
    while (!payload.empty()) {
        const auto number = take_zigzag(payload);
        if (!number) refuse("it ends within a count");
        const auto left = static_cast<std::int64_t>(layout::size - index);
        if (left == 0 || *number < -left) refuse("it counts values over 2^42 - 1");
        if (*number < 0) {
            index += static_cast<std::size_t>(-*number);
            continue;
        }
        if (*number > largest_total - total) refuse("it counts more than 2^53 values");
        total += *number;
        histogram.record(layout::lowest_equivalent(index), static_cast<std::uint64_t>(*number));
        ++index;
    }
    return histogram;
}

}  // namespace

std::string encode_plain_v2(const Histogram& histogram) {
    const std::string counts = encode_counts(histogram);
    std::string bytes;
    append_big_endian(bytes, plain_cookie | word_size);
    append_big_endian(bytes, static_cast<std::uint32_t>(counts.size()));
    append_big_endian(bytes, std::uint32_t{0});
    append_big_endian(bytes, significant_digits);
    append_big_endian(bytes, static_cast<std::uint64_t>(lowest_discernible));
    append_big_endian(bytes, static_cast<std::uint64_t>(layout::highest_value));
    append_big_endian(bytes, std::bit_cast<std::uint64_t>(conversion_ratio));
    return bytes + counts;
}

std::string encode_v2(const Histogram& histogram) {
    const std::string contents = deflate(encode_plain_v2(histogram));
    std::string bytes;
    append_big_endian(bytes, compressed_cookie | word_size);
    append_big_endian(bytes, static_cast<std::uint32_t>(contents.size()));
    return encode_base64(bytes + contents);
}

Histogram decode_v2(std::string_view text) {
    if (text.size() > largest_text) refuse("it is longer than any histogram's");
    const auto bytes = decode_base64(text);
    if (!bytes) refuse("it is not base64");
    std::string_view rest = *bytes;
    if ((take_big_endian<std::uint32_t>(rest) & ~word_size_bits) != compressed_cookie) {
        refuse("it does not begin with the cookie of the compressed V2 encoding");
    }
    const auto length = take_big_endian<std::uint32_t>(rest);
    if (length != rest.size()) refuse("it is not as long as its header says");
    const std::string contents = inflate(rest);
    std::string_view plain = contents;
    check_header(plain);
    return decode_counts(plain);
}

void append_zigzag(std::string& bytes, std::int64_t number) {
    auto rest = static_cast<std::uint64_t>(number) << 1 ^ static_cast<std::uint64_t>(number >> 63);
    for (std::size_t i = 1; i < zigzag_longest && rest >= 0x80; ++i, rest >>= 7) {
        bytes += static_cast<char>((rest & 0x7FU) | 0x80U);
    }
    bytes += static_cast<char>(rest);
}

std::optional<std::int64_t> take_zigzag(std::string_view& bytes) {
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
