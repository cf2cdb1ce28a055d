#include "reports/html/markup.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "reports/text/human.hpp"

namespace asyncbench {

namespace {

/// printable(), but for the line ends and tabs of source code.
std::string printable_lines(std::string_view text) {
    std::string result;
    while (true) {
        const auto end = text.find_first_of("\n\t");
        result += printable(text.substr(0, end));
        if (end == std::string_view::npos) return result;
        result += text[end];
        text.remove_prefix(end + 1);
    }
}

}  // namespace

std::string escape_html(std::string_view text) {
    std::string result;
    result.reserve(text.size());
    for (const char c : printable_lines(text)) {
        switch (c) {
            case '&':
                result += "&amp;";
                break;
            case '<':
                result += "&lt;";
                break;
            case '>':
                result += "&gt;";
                break;
            case '"':
                result += "&quot;";
                break;
            case '\'':
                result += "&#39;";
                break;
            default:
                result += c;
        }
    }
    return result;
}

std::string fill_template(std::string_view text,
                          const std::vector<std::pair<std::string_view, std::string>>& values) {
    std::string result;
    while (true) {
        const auto open = text.find("{{");
        result += text.substr(0, open);
        if (open == std::string_view::npos) return result;
        const auto close = text.find("}}", open);
        if (close == std::string_view::npos) throw std::out_of_range("a place in the template does not end");
        const std::string_view name = text.substr(open + 2, close - open - 2);
        const auto value = std::find_if(values.begin(), values.end(),
                                        [&](const auto& entry) { return entry.first == name; });
        if (value == values.end())
            throw std::out_of_range(fmt::format("the template's '{}' has no value", name));
        result += value->second;
        text.remove_prefix(close + 2);
    }
}

std::string paragraphs(const std::vector<std::string>& texts) {
    std::string result;
    for (const std::string& text : texts) result += fmt::format("<p>{}</p>\n", escape_html(text));
    return result;
}

std::string folded(std::string_view summary, std::string_view content) {
    if (content.empty()) return {};
    return fmt::format("<details class=\"fold\" open>\n<summary>{}</summary>\n{}</details>\n",
                       escape_html(summary), content);
}

}  // namespace asyncbench
