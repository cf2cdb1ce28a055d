#include "harness/work/reply.hpp"

#include <algorithm>

#include "harness/work/random.hpp"

namespace asyncbench {

Reply reply_for(const Profile& profile, std::uint64_t seed, std::uint64_t id) {
    Reply reply;
    reply.delay = profile.delay.sample(seed, id);
    reply.body_bytes = profile.payload_bytes;
    double u = to_unit(random_bits(seed, id, 2));
    const auto falls_into = [&u](double share) {
        u -= share;
        return u < 0;
    };
    if (falls_into(profile.error_rate)) {
        reply.status = 500;
    } else if (falls_into(profile.faults.close)) {
        reply.fault = Fault::close;
    } else if (falls_into(profile.faults.truncate)) {
        reply.fault = Fault::truncate;
    } else if (falls_into(profile.faults.stall)) {
        reply.fault = Fault::stall;
    } else if (falls_into(profile.faults.dribble)) {
        reply.fault = Fault::dribble;
    }
    return reply;
}

std::array<char, content_tag_bytes> content_tag_chars(std::uint64_t seed, std::uint64_t id) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::array<char, content_tag_bytes> tag{};
    const std::uint64_t value = mix64(mix64(seed) ^ id);
    for (std::size_t i = 0; i < tag.size(); ++i) tag[i] = digits[(value >> (60 - 4 * i)) & 0xf];
    return tag;
}

std::string content_tag(std::uint64_t seed, std::uint64_t id) {
    const auto tag = content_tag_chars(seed, id);
    return std::string(tag.data(), tag.size());
}

std::string body_for(std::uint64_t seed, std::uint64_t id, std::uint64_t body_bytes) {
    std::string body(body_bytes, body_filler);
    const auto tag = content_tag_chars(seed, id);
    std::copy_n(tag.begin(), std::min<std::size_t>(body.size(), tag.size()), body.begin());
    return body;
}

bool is_body_for(std::string_view body, std::uint64_t seed, std::uint64_t id, std::uint64_t body_bytes,
                 std::uint64_t skipped) {
    if (body.size() + skipped != body_bytes) return false;
    const auto tag = content_tag_chars(seed, id);
    const std::size_t length = std::min(body.size(), tag.size());
    if (!std::equal(body.begin(), body.begin() + static_cast<std::ptrdiff_t>(length), tag.begin()))
        return false;
    return body.size() <= tag.size() || body.back() == body_filler;
}

}  // namespace asyncbench
