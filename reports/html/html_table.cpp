#include "reports/html/html_table.hpp"

#include <fmt/format.h>

#include <stdexcept>
#include <utility>

#include "reports/html/markup.hpp"

namespace asyncbench {
namespace {

/// Where a name may be broken in a narrow column: between its parts.
std::string breakable(const std::string& escaped) {
    std::string text;
    for (const char c : escaped) {
        text += c;
        if (c == ':' || c == ',' || c == '/' || c == '_') text += "<wbr>";
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

}  // namespace asyncbench
