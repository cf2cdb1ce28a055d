#include "reports/text/plain_name.hpp"

namespace asyncbench {
namespace {

/// Of ASCII, whatever the locale is.
bool is_letter_or_digit(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

}  // namespace

std::string plain_name(std::string_view text, std::size_t longest) {
    std::string name;
    for (const char c : text.substr(0, longest)) {
        if (is_letter_or_digit(c)) {
            name += c;
        } else if (!name.empty() && name.back() != '-') {
            name += '-';
        }
    }
    return name;
}

}  // namespace asyncbench
