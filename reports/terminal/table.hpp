#pragma once

#include <string>
#include <vector>

namespace asyncbench {

/// Text in columns, two spaces apart.
class Table {
  public:
    enum class Align { left, right };

    void add_column(std::string heading, Align align = Align::right);
    void add_row(std::vector<std::string> cells);  ///< one for each column

    std::size_t width() const;               ///< columns of the terminal
    std::vector<std::string> lines() const;  ///< the first is the headings; no spaces at the ends

  private:
    struct Column {
        std::string heading;
        Align align;
        std::size_t width;  ///< of its widest cell
    };
    std::string line_of(const std::vector<std::string>& cells) const;

    std::vector<Column> columns_;
    std::vector<std::vector<std::string>> rows_;
};

}  // namespace asyncbench
