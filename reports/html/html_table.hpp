#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace asyncbench {

enum class TableLayout {
    cards,    ///< each cell knows its heading, so that on a narrow screen a row can be a card
    compact,  ///< a third of the size, for many rows in a box that scrolls
};

/// A table of text. Cells are escaped; the first column heads its row.
class HtmlTable {
  public:
    HtmlTable(std::string caption, std::vector<std::string> headings,
              TableLayout layout = TableLayout::cards);

    /// Cells that are missing at the end stay empty. A row marked bad is shown so, and its first cell says
    /// why. Throws std::invalid_argument where there are more cells than headings.
    void add_row(const std::vector<std::string>& cells, bool bad = false, std::string_view why = "wrong");

    std::string text() const;

  private:
    std::string caption_;
    std::vector<std::string> headings_;
    TableLayout layout_;
    std::string rows_;
};

}  // namespace asyncbench
