#include "reports/html/packing.hpp"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <new>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "reports/text/human.hpp"

namespace asyncbench {
namespace {

constexpr std::size_t letters = 91;
constexpr int group_bits = 13;  // 91 * 91 is a little over 2^13

constexpr auto alphabet = [] {
    std::array<char, letters> characters{};
    std::size_t next = 0;
    for (char c = '!'; c <= '~'; ++c) {
        if (c != '<' && c != '>' && c != '&') characters.at(next++) = c;
    }
    return characters;
}();

struct EndDeflate {
    void operator()(z_stream* stream) const { deflateEnd(stream); }
};

void require(int status, int expected) {
    if (status == Z_MEM_ERROR) throw std::bad_alloc();
    if (status != expected) throw std::runtime_error(fmt::format("zlib cannot compress: {}", zError(status)));
}

/// Each string of the value.
void make_printable(Json& value) {
    if (value.is_string()) value = printable(value.get_ref<const std::string&>());
    if (!value.is_structured()) return;
    for (Json& element : value) make_printable(element);
}

std::string gzip(std::string_view bytes) {
    constexpr int gzip_window_bits = 15 + 16;  // 16 asks zlib for gzip's header
    constexpr int default_memory_level = 8;
    z_stream stream{};
    require(deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, gzip_window_bits, default_memory_level,
                         Z_DEFAULT_STRATEGY),
            Z_OK);
    const std::unique_ptr<z_stream, EndDeflate> end(&stream);
    std::string compressed;
    std::array<char, std::size_t{64} * 1024> buffer{};
    int status = Z_OK;
    while (status != Z_STREAM_END) {
        // zlib counts in 32 bits.
        const std::size_t part = std::min<std::size_t>(bytes.size(), std::numeric_limits<uInt>::max());
        stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));  // zlib reads it only
        stream.avail_in = static_cast<uInt>(part);
        stream.next_out = reinterpret_cast<Bytef*>(buffer.data());
        stream.avail_out = static_cast<uInt>(buffer.size());
        status = deflate(&stream, part == bytes.size() ? Z_FINISH : Z_NO_FLUSH);
        if (status != Z_OK) require(status, Z_STREAM_END);
        bytes.remove_prefix(part - stream.avail_in);
        compressed.append(buffer.data(), buffer.size() - stream.avail_out);
    }
    return compressed;
}

/// Bytes as text: 13 bits in two of 91 characters, which are a thirteenth fewer than base64 takes.
std::string dense_text(std::string_view bytes) {
    std::string text;
    text.reserve(bytes.size() * 16 / group_bits + 2);
    std::uint32_t waiting = 0;  ///< bits that are not written yet, the first ones lowest
    int bits = 0;
    const auto write = [&](int characters) {
        std::uint32_t number = waiting & ((1U << group_bits) - 1);
        for (int i = 0; i < characters; ++i, number /= letters) text += alphabet.at(number % letters);
    };
    for (const char byte : bytes) {
        waiting |= static_cast<std::uint32_t>(static_cast<unsigned char>(byte)) << bits;
        bits += 8;
        if (bits < group_bits) continue;
        write(2);
        waiting >>= group_bits;
        bits -= group_bits;
    }
    // Never so many characters that a reader could take what fills them up for one more byte.
    constexpr int bits_of_one = 6;
    if (bits > 0) write(bits > bits_of_one ? 2 : 1);
    return text;
}

}  // namespace

std::string packed(std::string_view text) {
    return dense_text(gzip(text));
}

std::string packed_data(Json shown, std::string_view result) {
    make_printable(shown);
    return packed(fmt::format("{}\n{}", to_text(shown), result));
}

}  // namespace asyncbench
