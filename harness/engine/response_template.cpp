#include "harness/engine/response_template.hpp"

#include <algorithm>
#include <cstring>

namespace asyncbench {
namespace {

/// Where the value of Date begins; npos where the head has none.
std::size_t find_date(std::string_view head) {
    constexpr std::string_view name = "date:";
    const auto same = [](char a, char b) { return static_cast<char>(a | 0x20) == b; };  // in either case
    for (auto line = head.find('\n'); line != std::string_view::npos; line = head.find('\n', line + 1)) {
        const std::string_view field = head.substr(line + 1, name.size());
        if (std::equal(field.begin(), field.end(), name.begin(), name.end(), same))
            return line + 1 + name.size();
    }
    return std::string_view::npos;
}

}  // namespace

void ResponseTemplate::learn(std::string_view head, std::size_t length, const ResponseSummary& summary) {
    head_ = head;
    length_ = length;
    summary_ = summary;
    date_begin_ = std::min(find_date(head), head.size());
    date_end_ = std::min(head.find('\r', date_begin_), head.size());
}

bool ResponseTemplate::matches(std::string_view bytes) const {
    return bytes.size() == length_ && length_ > 0 &&
           std::memcmp(bytes.data(), head_.data(), date_begin_) == 0 &&
           std::memcmp(bytes.data() + date_end_, head_.data() + date_end_, head_.size() - date_end_) == 0;
}

}  // namespace asyncbench
