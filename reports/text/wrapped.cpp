#include "reports/text/wrapped.hpp"

#include <algorithm>
#include <utility>

#include "reports/text/human.hpp"

namespace asyncbench {

std::vector<std::string> wrapped(std::string_view text, std::size_t width, std::size_t indent,
                                 std::size_t first_indent) {
    std::vector<std::string> lines;
    std::string current(first_indent, ' ');
    bool empty = true;
    for (std::string_view rest = text; !rest.empty();) {
        const std::string_view word = rest.substr(0, rest.find(' '));
        rest.remove_prefix(std::min(rest.size(), word.size() + 1));
        if (empty && word.empty()) continue;
        if (!empty && columns_of(current) + 1 + columns_of(word) > width) {
            lines.push_back(std::exchange(current, std::string(indent, ' ')));
            current += word;
        } else {
            if (!empty) current += ' ';
            current += word;
        }
        empty = false;
    }
    if (!empty) lines.push_back(std::move(current));
    return lines;
}

}  // namespace asyncbench
