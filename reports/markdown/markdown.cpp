#include "reports/markdown/markdown.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>
#include <span>
#include <utility>

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
    constexpr std::size_t most_characters = 4000;
    const std::string code = shortened(printable(text), most_characters);
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

void MarkdownTable::add_row(const std::vector<std::string>& cells, std::string_view kind) {
    constexpr std::size_t most_characters = 500;
    std::string row = "|";
    for (const std::string& cell : cells)
        row += " " + escape_markdown(shortened(cell, most_characters)) + " |";
    rows_.push_back(row + "\n");
    kinds_.emplace_back(kind);
}

std::string MarkdownTable::head() const {
    return headings_ + "\n" + rule_ + "\n";
}

std::string MarkdownTable::text() const {
    return fmt::format("{}{}", head(), fmt::join(rows_, ""));
}

namespace {

/// `20 FAIL, 365 PASS`, in the order in which they come; empty where they have no kind.
std::string counts_of(std::span<const std::string> kinds) {
    std::vector<std::pair<std::string_view, std::size_t>> counts;
    for (const std::string& kind : kinds) {
        if (kind.empty()) continue;
        const auto known = std::find_if(counts.begin(), counts.end(),
                                        [&](const auto& count) { return count.first == kind; });
        if (known == counts.end()) {
            counts.emplace_back(kind, 1);
        } else {
            ++known->second;
        }
    }
    std::vector<std::string> texts;
    for (const auto& [kind, count] : counts) texts.push_back(fmt::format("{} {}", human_count(count), kind));
    return fmt::format("{}", fmt::join(texts, ", "));
}

}  // namespace

void MarkdownDocument::add(std::string text) {
    parts_.push_back({std::move(text)});
}

void MarkdownDocument::add(const MarkdownTable& table) {
    parts_.push_back({table.head(), table.rows(), table.kinds()});
}

void MarkdownDocument::add_list(const std::vector<std::string>& items) {
    Part part;
    for (const std::string& item : items) part.rows.push_back("- " + item + "\n");
    part.kinds.resize(part.rows.size());
    parts_.push_back(std::move(part));
}

std::string MarkdownDocument::text_with(std::size_t most_rows) const {
    std::string text;
    for (const Part& part : parts_) {
        const std::size_t shown = std::min(most_rows, part.rows.size());
        text += part.text;
        for (std::size_t i = 0; i < shown; ++i) text += part.rows[i];
        if (shown == part.rows.size()) continue;
        const std::string kinds = counts_of(std::span(part.kinds).subspan(shown));
        text +=
            fmt::format("\n{} left out, as a comment holds no more{}{}; `--json` and `--html` have all.\n",
                        counted(part.rows.size() - shown, "row"), kinds.empty() ? "" : ": ", kinds);
    }
    return text;
}

std::string MarkdownDocument::text() const {
    std::size_t longest = 0;
    for (const Part& part : parts_) longest = std::max(longest, part.rows.size());
    std::string text = text_with(longest);
    if (columns_of(text) <= most_characters) return text;
    // The most rows with which it fits; with none of them, what is left is cut.
    std::size_t fits = 0;
    for (std::size_t too_many = longest; too_many - fits > 1;) {
        const std::size_t tried = fits + (too_many - fits) / 2;
        (columns_of(text_with(tried)) <= most_characters ? fits : too_many) = tried;
    }
    return shortened(text_with(fits), most_characters);
}

}  // namespace asyncbench
