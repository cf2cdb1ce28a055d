#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace asyncbench {

/// Text as content or as a quoted attribute: it never becomes markup, and characters that would reorder the
/// text around it are shown by their numbers (printable(), reports/text/human.hpp).
std::string escape_html(std::string_view text);

/// Puts values in the places `{{name}}` of a template, as they are. Throws std::out_of_range where the
/// template names a place that has no value.
std::string fill_template(std::string_view text,
                          const std::vector<std::pair<std::string_view, std::string>>& values);

/// What stands in a table's cell where there is no value.
inline constexpr const char* no_value = "–";

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

/// `<p>` for each; text is escaped.
std::string paragraphs(const std::vector<std::string>& texts);

/// A heading that a list of contents leads to.
struct ContentsEntry {
    std::string id;
    std::string heading;  ///< markup
    std::vector<ContentsEntry> below = {};
};

/// The `<h2>` headings of a part of a page that have an id, in their order: the list names what is there, and
/// nothing else.
std::vector<ContentsEntry> headings_of(std::string_view markup);

/// The list, twice: beside the text on a wide screen, folded above it on others. The style sheet shows one,
/// which is the only one that a screen reader meets. Needs no script. Empty for fewer than two entries.
std::string contents_markup(const std::vector<ContentsEntry>& entries);

}  // namespace asyncbench
