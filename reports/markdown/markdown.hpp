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
/// not for a table. Cut where it is longer than 4,000 characters. Source: CommonMark 0.30, 6.1 "Code spans".
std::string code_markdown(std::string_view text);

/// A table of GitHub Flavored Markdown. Cells are escaped, and cut where they are longer than 500 characters.
class MarkdownTable {
  public:
    enum class Align { left, right };

    void add_column(std::string_view heading, Align align = Align::right);
    /// `kind` is what a row is counted as where it is left out: `FAIL`, `PASS`.
    void add_row(const std::vector<std::string>& cells, std::string_view kind = {});

    std::string head() const;  ///< headings and rule, each with its line end
    const std::vector<std::string>& rows() const { return rows_; }
    const std::vector<std::string>& kinds() const { return kinds_; }
    std::string text() const;  ///< ends with a line end

  private:
    std::string headings_ = "|";
    std::string rule_ = "|";
    std::vector<std::string> rows_;
    std::vector<std::string> kinds_;
};

/// A document that a comment of GitHub holds: one of more than 65,536 characters is refused as a whole. Where
/// it would be longer, the last rows of its tables and lists are left out, and it says how many of what kind.
class MarkdownDocument {
  public:
    static constexpr std::size_t most_characters = 65'000;

    void add(std::string text);
    /// The rows that matter most come first.
    void add(const MarkdownTable& table);
    /// Each a line `- item`, escaped already.
    void add_list(const std::vector<std::string>& items);

    std::string text() const;

  private:
    struct Part {
        std::string text;  ///< what stands there in any case
        std::vector<std::string> rows = {};
        std::vector<std::string> kinds = {};  ///< of each row; empty where rows have none
    };
    std::string text_with(std::size_t most_rows) const;

    std::vector<Part> parts_;
};

}  // namespace asyncbench
