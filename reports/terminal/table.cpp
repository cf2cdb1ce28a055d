#include "reports/terminal/table.hpp"

#include <algorithm>
#include <utility>

#include "reports/text/human.hpp"

namespace asyncbench {
namespace {

constexpr std::size_t gap = 2;

}  // namespace

void Table::add_column(std::string heading, Align align) {
    const std::size_t width = columns_of(heading);
    columns_.push_back({std::move(heading), align, width});
}

void Table::add_row(std::vector<std::string> cells) {
    cells.resize(columns_.size());
    for (std::size_t i = 0; i < cells.size(); ++i)
        columns_[i].width = std::max(columns_[i].width, columns_of(cells[i]));
    rows_.push_back(std::move(cells));
}

std::size_t Table::width() const {
    std::size_t width = 0;
    for (std::size_t i = 0; i < columns_.size(); ++i) width += columns_[i].width + (i == 0 ? 0 : gap);
    return width;
}

std::string Table::line_of(const std::vector<std::string>& cells) const {
    std::string line;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
        if (i > 0) line.append(gap, ' ');
        const std::string padding(columns_[i].width - columns_of(cells[i]), ' ');
        line += columns_[i].align == Align::left ? cells[i] + padding : padding + cells[i];
    }
    line.erase(line.find_last_not_of(' ') + 1);
    return line;
}

std::vector<std::string> Table::lines() const {
    std::vector<std::string> headings;
    for (const Column& column : columns_) headings.push_back(column.heading);
    std::vector<std::string> lines{line_of(headings)};
    for (const auto& row : rows_) lines.push_back(line_of(row));
    return lines;
}

}  // namespace asyncbench
