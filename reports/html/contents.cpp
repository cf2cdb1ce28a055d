#include "reports/html/contents.hpp"

#include <fmt/format.h>

namespace asyncbench {
namespace {

std::string list_of(const std::vector<ContentsEntry>& entries) {
    std::string items;
    for (const ContentsEntry& entry : entries) {
        // The sections of one of many results are folded: a list as long as the page leads nowhere.
        const std::string below = entry.below.empty()
                                      ? std::string()
                                      : fmt::format(
                                            "<details><summary>Sections<span class=\"unseen\"> of "
                                            "{}</span></summary>\n{}</details>",
                                            entry.heading, list_of(entry.below));
        items += fmt::format("<li><a href=\"#{}\">{}</a>{}</li>\n", entry.id, entry.heading, below);
    }
    return fmt::format("<ul>\n{}</ul>\n", items);
}

}  // namespace

std::vector<ContentsEntry> headings_of(std::string_view markup) {
    constexpr std::string_view open = "<h2 id=\"";
    std::vector<ContentsEntry> entries;
    for (auto at = markup.find(open); at != std::string_view::npos; at = markup.find(open, at)) {
        at += open.size();
        const auto quote = markup.find('"', at);
        const auto close = markup.find("</h2>", at);
        if (quote == std::string_view::npos || close == std::string_view::npos) break;
        const auto text = quote + 2;  // behind `">`
        entries.push_back(
            {std::string(markup.substr(at, quote - at)), std::string(markup.substr(text, close - text))});
    }
    return entries;
}

std::string contents_markup(const std::vector<ContentsEntry>& entries) {
    if (entries.size() < 2) return {};
    const std::string list = list_of(entries);
    return fmt::format(
        "<nav class=\"contents beside\" aria-label=\"Contents\">\n<p>Contents</p>\n{0}</nav>\n"
        "<nav class=\"contents above\" aria-label=\"Contents\">\n<details>\n<summary>Contents</summary>\n{0}"
        "</details>\n</nav>\n",
        list);
}

}  // namespace asyncbench
