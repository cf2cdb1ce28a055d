#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace asyncbench {

/// Text that GitHub's and GitLab's Markdown shows as it is: no markup or HTML comes of it, nobody is
/// mentioned, no issue referred to, no address made a link, and it stays on one line, also inside a table. It
/// is to be read and not to be copied (code_markdown()): zero-width spaces stand in it. A commit's hash stays
/// as it is, which GitHub links where the repository has that commit. Sources: CommonMark 0.30, 2.4
/// "Backslash escapes"; GitHub Flavored Markdown 0.29, 6.9 "Autolinks (extension)".
std::string escape_markdown(std::string_view text);

/// A code span, for text to be copied: between more backticks than the text has in a row. On one line, but
/// not for a table. Source: CommonMark 0.30, 6.1 "Code spans".
std::string code_markdown(std::string_view text);

/// A table of GitHub Flavored Markdown. Cells are escaped.
class MarkdownTable {
  public:
    enum class Align { left, right };

    void add_column(std::string_view heading, Align align = Align::right);
    void add_row(const std::vector<std::string>& cells);

    std::string text() const;  ///< ends with a line end

  private:
    std::string headings_ = "|";
    std::string rule_ = "|";
    std::string rows_;
};

}  // namespace asyncbench
