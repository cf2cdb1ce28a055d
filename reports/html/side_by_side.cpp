#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "reports/html/figures.hpp"
#include "reports/html/markup.hpp"
#include "reports/html/sections.hpp"
#include "reports/text/cell_text.hpp"
#include "reports/text/cells.hpp"
#include "reports/text/describe.hpp"
#include "reports/text/human.hpp"
#include "reports/text/ranking.hpp"

namespace asyncbench {
namespace {

using Place = std::pair<StrategySpec, std::uint32_t>;

const Cell* cell_at(const RunResult& run, const Place& place) {
    return find_cell(run, place.first, place.second);
}

/// Those that two results have, by concurrency.
std::vector<Place> common_places(std::span<const RunResult> runs) {
    std::vector<Place> places;
    for (const RunResult& each : runs) {
        for (const Cell* cell : cells_by_concurrency(each)) {
            const Place place{cell->strategy, cell->concurrency};
            const auto having = std::count_if(runs.begin(), runs.end(), [&](const RunResult& run) {
                return cell_at(run, place) != nullptr;
            });
            const bool known = std::find(places.begin(), places.end(), place) != places.end();
            if (having > 1 && !known) places.push_back(place);
        }
    }
    std::stable_sort(places.begin(), places.end(),
                     [](const Place& a, const Place& b) { return a.second < b.second; });
    return places;
}

std::string value_text(const RunResult& run, const Place& place, std::string_view metric) {
    const Cell* cell = cell_at(run, place);
    if (cell == nullptr) return "–";
    if (!is_usable(run, *cell)) return standing_of(run, *cell);
    return estimate_text(*cell, metric);
}

}  // namespace

std::string side_by_side(std::span<const RunResult> runs) {
    const std::string_view metric = ranking_metric(runs.front());
    const auto places = common_places(runs);
    const bool alike = std::all_of(runs.begin(), runs.end(),
                                   [&](const RunResult& run) { return ranking_metric(run) == metric; });
    if (places.empty() || !alike) return {};
    std::vector<std::string> headings{"Strategy", "Concurrency"};
    for (std::size_t i = 0; i < runs.size(); ++i) {
        headings.push_back(fmt::format("{}: {}", i + 1, describe_load(runs[i].scenario)));
    }
    HtmlTable table(fmt::format("Side by side: {}.", name_on_page(metric)), headings);
    for (const Place& place : places) {
        std::vector<std::string> row{place.first.text(), human_count(place.second)};
        for (const RunResult& run : runs) row.push_back(value_text(run, place, metric));
        table.add_row(row);
    }
    return fmt::format(
        "<div class=\"table wide\">\n{}\n</div>\n<p>These results were measured apart: what differs may be "
        "the "
        "machine. <code>asyncbench compare</code> tells a difference from noise.</p>\n",
        table.text());
}

}  // namespace asyncbench
