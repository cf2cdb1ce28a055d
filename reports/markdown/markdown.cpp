#include "reports/markdown/markdown.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "reports/text/human.hpp"

namespace asyncbench {

namespace {

/// GitHub and GitLab look for people, issues and addresses in what Markdown has rendered, where no escape is
/// seen any more. A zero-width space is, and keeps what they look for from being there.
constexpr std::string_view zero_width_space = "&#8203;";

bool is_letter_or_digit(char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0;
}

bool ends_with_any_case(std::string_view text, std::string_view lower_case) {
    if (text.size() < lower_case.size()) return false;
    const std::string_view end = text.substr(text.size() - lower_case.size());
    return std::equal(end.begin(), end.end(), lower_case.begin(),
                      [](char a, char b) { return std::tolower(static_cast<unsigned char>(a)) == b; });
}

/// Whether a mention, a reference or an address would come of what stands at either side. An address is
/// broken before the sign that makes it one: `www.` alone is a link already.
bool would_link(std::string_view before, std::string_view after) {
    constexpr std::string_view marks = "#!$~%&";  // issue, merge request, snippet, label, milestone, epic
    if (before.empty() || after.empty()) return false;
    const char last = before.back();
    const char next = after.front();
    if (last == '@') return next != ' ';
    if (marks.find(last) != std::string_view::npos) return is_letter_or_digit(next) || next == '"';
    if (last == ':') return after.starts_with("//");
    if (next == '.') return ends_with_any_case(before, "www");
    return next >= '0' && next <= '9' && ends_with_any_case(before, "gh-");
}

std::string escaped(char c) {
    constexpr std::string_view special = "\\`*_{}[]()#+!|~$";
    if (c == '<') return "&lt;";
    if (c == '>') return "&gt;";
    if (c == '&') return "&amp;";
    return special.find(c) == std::string_view::npos ? std::string(1, c) : std::string{'\\', c};
}

}  // namespace

std::string escape_markdown(std::string_view text) {
    const std::string visible = printable(text);
    const std::string_view all = visible;
    std::string result;
    for (std::size_t i = 0; i < all.size(); ++i) {
        if (would_link(all.substr(0, i), all.substr(i))) result += zero_width_space;
        result += escaped(all[i]);
    }
    return result;
}

std::string code_markdown(std::string_view text) {
    const std::string code = printable(text);
    std::size_t longest = 0;
    std::size_t row = 0;
    for (const char c : code) {
        row = c == '`' ? row + 1 : 0;
        longest = std::max(longest, row);
    }
    const std::string fence(longest + 1, '`');
    return fmt::format("{0} {1} {0}", fence, code);
}

void MarkdownTable::add_column(std::string_view heading, Align align) {
    headings_ += " " + escape_markdown(heading) + " |";
    rule_ += align == Align::left ? "---|" : "---:|";
}

void MarkdownTable::add_row(const std::vector<std::string>& cells) {
    rows_ += "|";
    for (const std::string& cell : cells) rows_ += " " + escape_markdown(cell) + " |";
    rows_ += "\n";
}

std::string MarkdownTable::text() const {
    return headings_ + "\n" + rule_ + "\n" + rows_;
}

}  // namespace asyncbench
