#include "harness/engine/response_template.hpp"

#include <algorithm>
#include <cctype>
#include <cstring>

namespace asyncbench {
namespace {

/// Where "Date:" stands as the name of a field; npos where the head has none.
std::size_t find_date(std::string_view head) {
    constexpr std::string_view name = "\ndate:";
    const auto same = [](char a, char b) { return std::tolower(static_cast<unsigned char>(a)) == b; };
    const auto found = std::search(head.begin(), head.end(), name.begin(), name.end(), same);
    return found == head.end() ? std::string_view::npos
                               : static_cast<std::size_t>(found - head.begin()) + name.size();
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
