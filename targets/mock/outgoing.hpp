#pragma once

#include <array>
#include <boost/asio/buffer.hpp>
#include <cstdint>
#include <span>
#include <string_view>

#include "harness/work/reply.hpp"

namespace asyncbench::mock {

/// A response on its way: text, then a body of content tag and dots that is never built as a whole.
class Outgoing {
  public:
    static constexpr std::size_t most_buffers = 16;
    using Buffers = std::array<boost::asio::const_buffer, most_buffers>;

    Outgoing() = default;
    /// `text` must stay valid until all is written.
    explicit Outgoing(std::string_view text) : text_(text), end_(text.size()) {}
    Outgoing(std::string_view head, std::uint64_t seed, std::uint64_t id, std::uint64_t body_bytes);

    std::uint64_t head_bytes() const { return text_.size(); }
    std::uint64_t body_bytes() const { return body_bytes_; }
    std::uint64_t total_bytes() const { return text_.size() + body_bytes_; }

    /// Write up to here for now; total_bytes() at first.
    void set_end(std::uint64_t end) { end_ = end; }
    bool at_end() const { return written_ == end_; }
    bool complete() const { return written_ == total_bytes(); }
    void advance(std::uint64_t bytes) { written_ += bytes; }

    /// What to write next: up to most_buffers pieces, those of large bodies out of one shared block.
    std::span<const boost::asio::const_buffer> gather(Buffers& buffers) const;

  private:
    std::string_view text_;
    std::array<char, content_tag_bytes> tag_{};
    std::uint64_t body_bytes_ = 0;
    std::uint64_t written_ = 0;
    std::uint64_t end_ = 0;
};

}  // namespace asyncbench::mock
