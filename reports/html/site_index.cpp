#include "reports/html/site_index.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>
#include <utility>

#include "reports/html/assets.hpp"
#include "reports/html/markup.hpp"
#include "reports/text/answer.hpp"
#include "reports/text/cells.hpp"
#include "reports/text/describe.hpp"
#include "reports/text/human.hpp"

namespace asyncbench {
namespace {

constexpr std::string_view generator = "<meta name=\"generator\" content=\"asyncbench site\">";

std::string verdict_of(const SiteEntry& entry) {
    if (entry.wrong_cells > 0) {
        return fmt::format("<strong class=\"verdict bad\">{}wrong</strong>",
                           entry.wrong_cells < entry.cells ? "partly " : "");
    }
    return entry.interrupted ? "<strong class=\"verdict\">interrupted</strong>"
           : entry.too_few   ? "<span class=\"verdict\">ok, too few trials to rank</span>"
                             : "<span class=\"verdict\">ok</span>";
}

std::string item_of(const SiteEntry& entry) {
    return fragment("site-run", {{"started", escape_html(entry.started_utc)},
                                 {"name", escape_html(entry.name)},
                                 {"verdict", verdict_of(entry)},
                                 {"directory", entry.directory},
                                 {"title", escape_html(entry.title)},
                                 {"answer", escape_html(entry.answer)}});
}

/// Whether any cell has trials enough for a rank.
bool ranks_anything(const RunResult& run) {
    return std::any_of(run.summary.begin(), run.summary.end(), [&](const Cell& cell) {
        const Estimate* estimate = estimate_of(cell, ranking_metric(run));
        return estimate != nullptr && has_interval(*estimate);
    });
}

}  // namespace

SiteEntry site_entry(const RunResult& run, std::string directory) {
    const auto sentences = answer(run);
    const auto wrong = std::count_if(run.summary.begin(), run.summary.end(), [&](const Cell& cell) {
        return !is_usable(run, cell) && !cell.unavailable();
    });
    return {std::move(directory),
            heading_of(run),
            short_name_of(run),
            run.started_utc,
            sentences.empty() ? std::string() : sentences.front(),
            run.summary.size(),
            static_cast<std::size_t>(wrong),
            run.interrupted,
            !ranks_anything(run)};
}

std::string site_index(std::vector<SiteEntry> entries, const std::string& style) {
    std::sort(entries.begin(), entries.end(), [](const SiteEntry& a, const SiteEntry& b) {
        return std::tie(b.started_utc, b.directory) < std::tie(a.started_utc, a.directory);
    });
    std::string items;
    for (const SiteEntry& entry : entries) items += item_of(entry);
    if (items.empty()) items = "<li><p>No run is kept here yet.</p></li>\n";
    return fill_template(report_asset("site.html"), {{"generator", std::string(generator)},
                                                     {"style", style},
                                                     {"count", counted(entries.size(), "run")},
                                                     {"items", items}});
}

bool is_site_index(std::string_view text) {
    return text.find(generator) != std::string_view::npos;
}

}  // namespace asyncbench
