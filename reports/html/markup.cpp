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

namespace {

/// Where a name may be broken in a narrow column: between its parts.
std::string breakable(const std::string& escaped) {
    std::string text;
    for (const char c : escaped) {
        text += c;
        if (c == ':' || c == ',' || c == '/') text += "<wbr>";
    }
    return text;
}

}  // namespace

HtmlTable::HtmlTable(std::string caption, std::vector<std::string> headings, TableLayout layout)
    : caption_(std::move(caption)), headings_(std::move(headings)), layout_(layout) {}

void HtmlTable::add_row(const std::vector<std::string>& cells, bool bad, std::string_view why) {
    constexpr std::size_t longest_unbroken = 26;
    if (cells.size() > headings_.size()) {
        throw std::invalid_argument(fmt::format("the table '{}' has {} columns, and a row of {} cells",
                                                caption_, headings_.size(), cells.size()));
    }
    rows_ += bad ? "<tr class=\"bad\">" : "<tr>";
    for (std::size_t i = 0; i < headings_.size(); ++i) {
        const std::string cell = i < cells.size() ? escape_html(cells[i]) : std::string{};
        if (i == 0) {
            const std::string mark = bad ? fmt::format(" <strong>{}</strong>", escape_html(why)) : "";
            rows_ += fmt::format("<th scope=\"row\">{}{}</th>", breakable(cell), mark);
        } else if (layout_ == TableLayout::compact) {
            rows_ += "<td>" + cell;  // its end may be left out
        } else {
            rows_ += fmt::format("<td{} data-label=\"{}\">{}</td>",
                                 cell.size() > longest_unbroken ? " class=\"long\"" : "",
                                 escape_html(headings_[i]), cell);
        }
    }
    rows_ += layout_ == TableLayout::compact ? "\n" : "</tr>\n";
}

std::string HtmlTable::text() const {
    std::string heads;
    for (const std::string& heading : headings_) {
        heads += fmt::format("<th scope=\"col\">{}</th>", escape_html(heading));
    }
    return fmt::format(
        "<table>\n<caption>{}</caption>\n<thead><tr>{}</tr></thead>\n<tbody>\n{}</tbody>\n</table>",
        escape_html(caption_), heads, rows_);
}

std::string paragraphs(const std::vector<std::string>& texts) {
    std::string result;
    for (const std::string& text : texts) result += fmt::format("<p>{}</p>\n", escape_html(text));
    return result;
}

}  // namespace asyncbench
