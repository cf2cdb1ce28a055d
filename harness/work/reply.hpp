#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "harness/work/profile.hpp"

namespace asyncbench {

enum class Fault { none, close, truncate, stall, dribble };

/// How the target answers one request. Known to both sides before it is sent.
struct Reply {
    Nanoseconds delay{0};
    int status = 200;
    std::uint64_t body_bytes = 0;
    Fault fault = Fault::none;

    /// Whether a whole response arrives (of whatever status).
    bool arrives() const { return fault == Fault::none || fault == Fault::dribble; }
};

/// The reply to request `id`: a pure function of its arguments.
Reply reply_for(const Profile& profile, std::uint64_t seed, std::uint64_t id);

/// A body starts with its content tag: these 16 lower-case hexadecimal digits,
/// mix64(mix64(seed) ^ id), cut off where the body is shorter.
inline constexpr std::size_t content_tag_bytes = 16;
std::string content_tag(std::uint64_t seed, std::uint64_t id);
std::array<char, content_tag_bytes> content_tag_chars(std::uint64_t seed, std::uint64_t id);

/// What fills a body after its tag.
inline constexpr char body_filler = '.';

/// The body of request `id`: content tag, then dots.
std::string body_for(std::uint64_t seed, std::uint64_t id, std::uint64_t body_bytes);

/// Whether `body` is body_for(seed, id, body_bytes), judged by its length, its tag and its last byte. Where
/// `skipped` bytes before the last one were not kept, they count as there. Constant time, so that checking a
/// large body does not add to what is measured; allocates nothing.
bool is_body_for(std::string_view body, std::uint64_t seed, std::uint64_t id, std::uint64_t body_bytes,
                 std::uint64_t skipped = 0);

}  // namespace asyncbench
