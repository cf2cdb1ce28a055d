#include "reports/markdown/markdown.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "reports/text/human.hpp"

namespace asyncbench {

std::string escape_markdown(std::string_view text) {
    constexpr std::string_view special = "\\`*_{}[]()#+!|~$";
    std::string result;
    for (const char c : printable(text)) {
        if (c == '<') {
            result += "&lt;";
        } else if (c == '>') {
            result += "&gt;";
        } else if (c == '&') {
            result += "&amp;";
        } else if (c == '@') {
            result += "&#64;";  // or somebody of this name would be told
        } else {
            if (special.find(c) != std::string_view::npos) result += '\\';
            result += c;
        }
    }
    return result;
}

std::string code_markdown(std::string_view text) {
    const std::string code = printable(text);
    std::size_t longest = 0;
    std::size_t row = 0;
    for (const char c : code) {
        row = c == '`' ? row + 1 : 0;
        longest = std::max(longest, row);
    }
    const std::string fence(longest + 1, '`');
    return fmt::format("{0} {1} {0}", fence, code);
}

void MarkdownTable::add_column(std::string_view heading, Align align) {
    headings_ += " " + escape_markdown(heading) + " |";
    rule_ += align == Align::left ? "---|" : "---:|";
}

void MarkdownTable::add_row(const std::vector<std::string>& cells) {
    rows_ += "|";
    for (const std::string& cell : cells) rows_ += " " + escape_markdown(cell) + " |";
    rows_ += "\n";
}

std::string MarkdownTable::text() const {
    return headings_ + "\n" + rule_ + "\n" + rows_;
}

}  // namespace asyncbench
