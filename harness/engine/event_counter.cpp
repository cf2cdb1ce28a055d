#include "harness/engine/event_counter.hpp"

#include <algorithm>
#include <cctype>
#include <utility>

namespace asyncbench {
namespace {

constexpr std::string_view data_field = "data";

}  // namespace

std::uint32_t EventCounter::take(std::string_view bytes) {
    std::uint32_t events = 0;
    for (const char c : bytes) {
        const bool is_second_half = c == '\n' && after_return_;
        after_return_ = c == '\r';
        if (is_second_half) continue;
        if (c == '\n' || c == '\r') {
            if (end_line()) ++events;
        } else if (column_ < data_field.size()) {
            is_data_ = is_data_ && c == data_field[column_++];
        } else if (column_ == data_field.size()) {
            if (is_data_ && c == ':') has_data_ = true;
            ++column_;
        }
    }
    return events;
}

bool is_event_stream(std::string_view content_type) {
    constexpr std::string_view type = "text/event-stream";
    if (content_type.size() < type.size()) return false;
    const bool is_same = std::equal(type.begin(), type.end(), content_type.begin(), [](char a, char b) {
        return a == std::tolower(static_cast<unsigned char>(b));
    });
    return is_same && (content_type.size() == type.size() ||
                       std::string_view("; \t").find(content_type[type.size()]) != std::string_view::npos);
}

/// Whether an event ends with it.
bool EventCounter::end_line() {
    const bool is_empty = column_ == 0;
    // The name alone is a field without a value.
    if (is_data_ && column_ == data_field.size()) has_data_ = true;
    column_ = 0;
    is_data_ = true;
    return is_empty && std::exchange(has_data_, false);
}

}  // namespace asyncbench
