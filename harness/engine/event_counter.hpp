#pragma once

#include <cstdint>
#include <string_view>

namespace asyncbench {

/// Counts the events in a body of text/event-stream (WHATWG HTML, "Server-sent events"): blocks of lines that
/// end with an empty line and hold a field `data`. A block of comments alone, by which servers keep a
/// connection alive, is none. Keeps nothing of the body.
class EventCounter {
  public:
    /// How many events end in `bytes`, which follow those of the calls before.
    std::uint32_t take(std::string_view bytes);

  private:
    bool end_line();

    std::uint8_t column_ = 0;  ///< in the line, as far as it matters
    bool is_data_ = true;      ///< the line begins as the field's name does
    bool has_data_ = false;    ///< the block has the field
    bool after_return_ = false;
};

/// Whether a value of Content-Type says that: `text/event-stream;charset=utf-8`.
bool is_event_stream(std::string_view content_type);

}  // namespace asyncbench
