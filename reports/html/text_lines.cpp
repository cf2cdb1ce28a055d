#include "reports/html/text_lines.hpp"

#include <algorithm>

#include "reports/text/human.hpp"

namespace asyncbench {

std::vector<std::string> text_lines(std::string_view text, std::size_t columns) {
    std::vector<std::string> lines(1);
    while (!text.empty()) {
        std::string_view word = text.substr(0, text.find(' '));
        text.remove_prefix(std::min(text.size(), word.size() + 1));
        const bool fits = columns_of(lines.back()) + 1 + columns_of(word) <= columns;
        if (!lines.back().empty() && !fits) lines.emplace_back();
        if (!lines.back().empty()) lines.back() += ' ';
        for (; columns_of(word) > columns; lines.emplace_back()) {
            const std::size_t end = bytes_of(word, columns);
            lines.back() += word.substr(0, end);
            word.remove_prefix(end);
        }
        lines.back() += word;
    }
    return lines;
}

}  // namespace asyncbench
