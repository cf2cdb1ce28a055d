#include "harness/engine/csv_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "async/errors.hpp"
#include "async/utf8.hpp"
#include "harness/engine/text_template.hpp"

namespace asyncbench {
namespace {

constexpr std::size_t most_columns = 100;
constexpr std::size_t most_cells = 4'000'000;

class CsvReader {
  public:
    CsvReader(std::string_view text, std::string_view file) : text_(text), file_(file) {
        constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
        if (text_.starts_with(byte_order_mark)) text_.remove_prefix(byte_order_mark.size());
    }

    CsvTable table() {
        CsvTable table;
        table.columns = row();
        check_columns(table.columns);
        while (!text_.empty()) {
            const std::size_t line = line_;
            std::vector<std::string> cells = row();
            const bool is_empty_line = cells.size() == 1 && cells.front().empty();
            if (is_empty_line && (table.columns.size() > 1 || text_.empty())) continue;
            if (cells.size() != table.columns.size()) {
                fail(line, fmt::format("has {} fields where the header row has {}", cells.size(),
                                       table.columns.size()));
            }
            if (table.cells.size() + cells.size() > most_cells)
                fail(line, fmt::format("is too much: {} fields are the most", most_cells));
            std::move(cells.begin(), cells.end(), std::back_inserter(table.cells));
        }
        if (table.cells.empty()) fail(1, "is the header row, and no row follows");
        return table;
    }

  private:
    [[noreturn]] void fail(std::size_t line, std::string_view problem) const {
        throw UsageError(fmt::format("Line {} of {} {}.", line, file_, problem));
    }

    void check_columns(const std::vector<std::string>& columns) const {
        if (columns.size() > most_columns)
            fail(1, fmt::format("has {} columns; {} are the most", columns.size(), most_columns));
        for (auto column = columns.begin(); column != columns.end(); ++column) {
            if (!is_variable_name(*column)) {
                fail(1,
                     "must name each column, in letters, digits, '_', '-' and '.': its values are used as "
                     "{{name}}");
            }
            if (std::find(columns.begin(), column, *column) != column)
                fail(1, fmt::format("has two columns '{}'", *column));
        }
    }

    std::vector<std::string> row() {
        const std::size_t line = line_;
        std::vector<std::string> fields;
        do {
            fields.push_back(text_.starts_with('"') ? quoted_field() : plain_field());
            if (as_utf8(fields.back()) != fields.back()) fail(line, "is no UTF-8");
        } while (take(','));
        if (!text_.empty() && !take('\n')) fail(line_, "has text behind a closing quote");
        ++line_;
        return fields;
    }

    bool take(char c) {
        if (c == '\n' && text_.starts_with("\r\n")) text_.remove_prefix(1);
        if (!text_.starts_with(c)) return false;
        text_.remove_prefix(1);
        return true;
    }

    std::string plain_field() {
        std::string_view field = text_.substr(0, text_.find_first_of(",\n"));
        text_.remove_prefix(field.size());
        if (text_.starts_with('\n') && field.ends_with('\r')) field.remove_suffix(1);
        if (field.find('"') != std::string_view::npos)
            fail(line_, "has a quote within a field that does not begin with one");
        return std::string(field);
    }

    std::string quoted_field() {
        const std::size_t begun = line_;
        std::string field;
        text_.remove_prefix(1);
        while (true) {
            const std::size_t quote = text_.find('"');
            if (quote == std::string_view::npos) fail(begun, "opens a quote that is never closed");
            const std::string_view part = text_.substr(0, quote);
            line_ += static_cast<std::size_t>(std::count(part.begin(), part.end(), '\n'));
            field += part;
            text_.remove_prefix(quote + 1);
            if (!take('"')) return field;
            field += '"';
        }
    }

    std::string_view text_;  ///< what is left of it
    std::string_view file_;
    std::size_t line_ = 1;
};

}  // namespace

CsvTable parse_csv(std::string_view text, std::string_view file) {
    return CsvReader(text, file).table();
}

}  // namespace asyncbench
