#include <fmt/format.h>

#include <optional>
#include <utility>
#include <vector>

#include "reports/html/assets.hpp"
#include "reports/html/contents.hpp"
#include "reports/html/markup.hpp"
#include "reports/html/result_markup.hpp"
#include "reports/html/sections.hpp"
#include "reports/report.hpp"
#include "reports/text/answer.hpp"
#include "reports/text/describe.hpp"

namespace asyncbench {
namespace {

/// Style and scripts: in the page or beside it.
struct PageParts {
    std::string style;
    std::string style_source;  ///< of the Content-Security-Policy
    PageScripts scripts;
    std::string index;  ///< a link to the page that lists this one
};

PageParts parts_of(const std::optional<PageLinks>& links) {
    if (!links) return {fmt::format("<style>\n{}\n</style>", page_style()), "", inline_scripts(), ""};
    return {fmt::format("<link rel=\"stylesheet\" href=\"{}\">", escape_html(links->style)), "'self'",
            shared_scripts(links->script),
            fmt::format("<p><a href=\"{}\">All runs</a></p>\n", escape_html(links->index))};
}

/// For several results: what each says, and where it stands.
std::string overview(std::span<const RunResult> runs) {
    if (runs.size() < 2) return {};
    std::string items;
    for (std::size_t i = 0; i < runs.size(); ++i) {
        const auto sentences = answer(runs[i]);
        items += fmt::format(
            "<li><a href=\"#{}\">{} <span class=\"where\">({}, {})</span></a><br>{}{}</li>\n", result_id(i),
            escape_html(heading_of(runs[i])), escape_html(short_name_of(runs[i])),
            escape_html(runs[i].started_utc), sentences.empty() ? "" : escape_html(sentences.front()),
            findings_notice(runs[i], result_id(i)));
    }
    return fmt::format(
        "<section aria-labelledby=\"results\" class=\"answer\">\n<h2 id=\"results\">{} "
        "results</h2>\n<ol>\n{}</ol>\n"
        "{}</section>\n",
        runs.size(), items, side_by_side(runs));
}

}  // namespace

std::string html_report(std::span<const RunResult> runs, const HtmlOptions& options) {
    std::string title = options.title;
    if (title.empty())
        title = runs.size() == 1 ? heading_of(runs[0]) : fmt::format("{} results", runs.size());
    std::string results;
    std::vector<ContentsEntry> entries;
    for (std::size_t i = 0; i < runs.size(); ++i) {
        ResultMarkup result = result_markup(runs[i], i, {title, runs.size() > 1}, options);
        results += result.article;
        if (runs.size() == 1) {
            entries = std::move(result.sections);
        } else {
            entries.push_back({result_id(i), fmt::format("{}. {}", i + 1, escape_html(heading_of(runs[i]))),
                               std::move(result.sections)});
        }
    }
    const std::string contents = contents_markup(entries);
    const PageParts parts = parts_of(options.links);
    return fill_template(report_asset("page.html"),
                         {{"title", escape_html(title)},
                          {"version", runs.empty() ? "" : escape_html(runs[0].tool_version)},
                          {"body_class", contents.empty() ? "" : " class=\"with-contents\""},
                          {"contents", contents},
                          {"overview", overview(runs)},
                          {"results", results},
                          {"index", parts.index},
                          {"style", parts.style},
                          {"style_source", parts.style_source},
                          {"first_script", parts.scripts.first},
                          {"scripts", parts.scripts.last},
                          {"script_source", parts.scripts.sources}});
}

std::string html_report(const RunResult& run, const HtmlOptions& options) {
    return html_report({&run, 1}, options);
}

}  // namespace asyncbench
