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

namespace {

std::string list_of(const std::vector<ContentsEntry>& entries) {
    std::string items;
    for (const ContentsEntry& entry : entries) {
        // The sections of one of many results are folded: a list as long as the page leads nowhere.
        const std::string below = entry.below.empty()
                                      ? std::string()
                                      : fmt::format(
                                            "<details><summary>Sections<span class=\"unseen\"> of "
                                            "{}</span></summary>\n{}</details>",
                                            entry.heading, list_of(entry.below));
        items += fmt::format("<li><a href=\"#{}\">{}</a>{}</li>\n", entry.id, entry.heading, below);
    }
    return fmt::format("<ul>\n{}</ul>\n", items);
}

}  // namespace

std::vector<ContentsEntry> headings_of(std::string_view markup) {
    constexpr std::string_view open = "<h2 id=\"";
    std::vector<ContentsEntry> entries;
    for (auto at = markup.find(open); at != std::string_view::npos; at = markup.find(open, at)) {
        at += open.size();
        const auto quote = markup.find('"', at);
        const auto close = markup.find("</h2>", at);
        if (quote == std::string_view::npos || close == std::string_view::npos) break;
        const auto text = quote + 2;  // behind `">`
        entries.push_back(
            {std::string(markup.substr(at, quote - at)), std::string(markup.substr(text, close - text))});
    }
    return entries;
}

std::string contents_markup(const std::vector<ContentsEntry>& entries) {
    if (entries.size() < 2) return {};
    const std::string list = list_of(entries);
    return fmt::format(
        "<nav class=\"contents beside\" aria-label=\"Contents\">\n<p>Contents</p>\n{0}</nav>\n"
        "<nav class=\"contents above\" aria-label=\"Contents\">\n<details>\n<summary>Contents</summary>\n{0}"
        "</details>\n</nav>\n",
        list);
}

}  // namespace asyncbench
