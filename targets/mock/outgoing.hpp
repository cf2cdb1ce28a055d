#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "harness/work/reply.hpp"

namespace asyncbench::mock {

/// A response on its way: text, then a body of content tag and dots that is never built as a whole.
class Outgoing {
  public:
    /// What is written at one go at most.
    static constexpr std::size_t most_bytes = 65536;

    struct Piece {
        std::string_view bytes;
        bool lasts = false;  ///< for ever; else until the scratch is used again
    };

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

    /// What to write next: the text and the beginning of the body, put together in `scratch`, or filler out
    /// of one shared block. Not empty before the end.
    Piece next(std::string& scratch) const;

  private:
    std::string_view text_;
    std::array<char, content_tag_bytes> tag_{};
    std::uint64_t body_bytes_ = 0;
    std::uint64_t written_ = 0;
    std::uint64_t end_ = 0;
};

}  // namespace asyncbench::mock
