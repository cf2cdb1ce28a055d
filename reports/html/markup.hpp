#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "harness/trial/json_fields.hpp"

namespace asyncbench {

/// Text as content or as a quoted attribute: it never becomes markup, and characters that would reorder the
/// text around it are shown by their numbers (printable(), reports/text/human.hpp).
std::string escape_html(std::string_view text);

/// Text as gzip in base64: a third of the size of JSON, and whatever stands in it, it is no markup.
std::string gzip_base64(const std::string& text);

/// What charts show, for a script of type application/gzip; its strings are printable.
std::string packed_chart_data(Json data);

/// Puts values in the places `{{name}}` of a template, as they are. Throws std::out_of_range where the
/// template names a place that has no value.
std::string fill_template(std::string_view text,
                          const std::vector<std::pair<std::string_view, std::string>>& values);

/// A table of text. Cells are escaped; the first column heads its row.
class HtmlTable {
  public:
    HtmlTable(std::string caption, std::vector<std::string> headings);

    /// A row marked bad is shown so, and its first cell says why.
    void add_row(const std::vector<std::string>& cells, bool bad = false, std::string_view why = "not valid");

    std::string text() const;

  private:
    std::string caption_;
    std::vector<std::string> headings_;
    std::string rows_;
};

/// `<p>` for each; text is escaped.
std::string paragraphs(const std::vector<std::string>& texts);

}  // namespace asyncbench
