#include "targets/mock/outgoing.hpp"

#include <algorithm>
#include <string>

namespace asyncbench::mock {
namespace {

constexpr std::size_t block_bytes = 65536;

const std::string& filler_block() {
    static const std::string block(block_bytes, body_filler);
    return block;
}

}  // namespace

Outgoing::Outgoing(std::string_view head, std::uint64_t seed, std::uint64_t id, std::uint64_t body_bytes)
    : text_(head),
      tag_(content_tag_chars(seed, id)),
      body_bytes_(body_bytes),
      end_(head.size() + body_bytes) {}

std::span<const boost::asio::const_buffer> Outgoing::gather(Buffers& buffers) const {
    std::size_t count = 0;
    std::uint64_t at = written_;
    const std::uint64_t tag_end = text_.size() + std::min<std::uint64_t>(body_bytes_, tag_.size());
    const auto add = [&](const char* data, std::uint64_t bytes) {
        buffers[count++] = {data, bytes};
        at += bytes;
    };
    if (at < text_.size() && at < end_) {
        add(text_.data() + at, std::min<std::uint64_t>(text_.size(), end_) - at);
    }
    if (at >= text_.size() && at < std::min(tag_end, end_)) {
        add(tag_.data() + (at - text_.size()), std::min(tag_end, end_) - at);
    }
    while (at < end_ && at >= tag_end && count < buffers.size()) {
        add(filler_block().data(), std::min<std::uint64_t>(block_bytes, end_ - at));
    }
    return {buffers.data(), count};
}

}  // namespace asyncbench::mock
