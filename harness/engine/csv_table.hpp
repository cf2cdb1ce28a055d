#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace asyncbench {

/// Rows of texts under named columns.
struct CsvTable {
    std::vector<std::string> columns;
    std::vector<std::string> cells;  ///< row by row

    std::size_t rows() const { return cells.size() / columns.size(); }
    const std::string& cell(std::size_t row, std::size_t column) const {
        return cells[row * columns.size() + column];
    }
};

/// CSV as RFC 4180 has it: commas, fields in double quotes where they hold such, a header row that names the
/// columns. Lines may end by LF alone. `file` is its name in messages. Throws UsageError with the line where
/// it is something else, has no row, or is too large.
CsvTable parse_csv(std::string_view text, std::string_view file);

}  // namespace asyncbench
