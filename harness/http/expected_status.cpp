#include "harness/http/expected_status.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "async/errors.hpp"

namespace asyncbench {
namespace {

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

}  // namespace

ExpectedStatus ExpectedStatus::parse(std::string_view text) {
    ExpectedStatus expected;
    expected.text_ = text;
    while (true) {
        const std::string_view part = text.substr(0, text.find(','));
        const bool is_class = part.size() == 3 && is_digit(part[0]) && part.substr(1) == "xx";
        const bool is_one = part.size() == 3 && std::all_of(part.begin(), part.end(), is_digit);
        if ((!is_class && !is_one) || part[0] < '1' || part[0] > '9') {
            throw UsageError(fmt::format(
                "'{}' is no status of a response; write it like 200, or 2xx, or several: 2xx,304.", part));
        }
        const int hundred = (part[0] - '0') * 100;
        const int rest = is_one ? (part[1] - '0') * 10 + part[2] - '0' : 0;
        expected.ranges_.push_back({hundred + rest, is_one ? hundred + rest : hundred + 99});
        if (part.size() == text.size()) return expected;
        text.remove_prefix(part.size() + 1);
    }
}

bool ExpectedStatus::holds(int status) const {
    if (ranges_.empty()) return status < 400;
    return std::any_of(ranges_.begin(), ranges_.end(), [status](const Range& range) {
        return range.least <= status && status <= range.most;
    });
}

}  // namespace asyncbench
