#include "targets/mock/outgoing.hpp"

#include <algorithm>
#include <string>

namespace asyncbench::mock {
namespace {

/// Filler up to here goes with what is before it; the shared block spares copying more.
constexpr std::uint64_t most_copied_bytes = 16384;

const std::string& filler_block() {
    static const std::string block(Outgoing::most_bytes, body_filler);
    return block;
}

}  // namespace

Outgoing::Outgoing(std::string_view head, std::uint64_t seed, std::uint64_t id, std::uint64_t body_bytes)
    : text_(head),
      tag_(content_tag_chars(seed, id)),
      body_bytes_(body_bytes),
      end_(head.size() + body_bytes) {}

Outgoing::Piece Outgoing::next(std::string& scratch) const {
    const std::uint64_t tag_end = text_.size() + std::min<std::uint64_t>(body_bytes_, tag_.size());
    if (written_ >= tag_end) {
        const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(most_bytes, end_ - written_));
        return {std::string_view(filler_block()).substr(0, size), true};
    }
    scratch.clear();
    std::uint64_t at = written_;
    const auto add = [&](const char* data, std::uint64_t until) {
        if (at >= std::min(until, end_)) return;
        const std::uint64_t bytes = std::min(until, end_) - at;
        scratch.append(data, bytes);
        at += bytes;
    };
    if (at < text_.size()) add(text_.data() + at, text_.size());
    if (at >= text_.size()) add(tag_.data() + (at - text_.size()), tag_end);
    if (at >= tag_end) add(filler_block().data(), at + most_copied_bytes);
    return {scratch, false};
}

}  // namespace asyncbench::mock
