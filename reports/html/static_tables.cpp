// The numbers of the charts as tables that need no script.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "analysis/stats/order_statistics.hpp"
#include "reports/html/chart_rows.hpp"
#include "reports/html/figures.hpp"
#include "reports/html/markup.hpp"
#include "reports/html/sections.hpp"
#include "reports/html/table_cells.hpp"
#include "reports/text/cell_text.hpp"
#include "reports/text/describe.hpp"
#include "reports/text/human.hpp"
#include "reports/text/latency_kinds.hpp"
#include "reports/text/ranking.hpp"

namespace asyncbench {
namespace {

/// A heading and the metric below it.
using Column = std::pair<const char*, std::string>;

/// Written open, for readers without script; report.js folds it.
std::string folded(const char* summary, const HtmlTable& table, const Reasons& reasons) {
    return fmt::format(
        "<details class=\"fold\" open>\n<summary>{}</summary>\n<div class=\"table "
        "wide\">\n{}\n{}</div>\n</details>",
        summary, table.text(), reasons.markup());
}

std::string table_of(const RunResult& run, const char* summary, const std::vector<Column>& columns) {
    // Where nothing is known of any, the line about the charts says why.
    const bool any = std::any_of(run.summary.begin(), run.summary.end(), [&](const Cell& cell) {
        return std::any_of(columns.begin(), columns.end(),
                           [&](const Column& column) { return cell.metrics.contains(column.second); });
    });
    if (!any) return {};
    std::vector<std::string> headings{"Strategy", concurrency_heading};
    headings.reserve(columns.size() + 2);
    for (const auto& [heading, metric] : columns) headings.emplace_back(heading);
    HtmlTable table("Medians over each cell's trials, with their intervals in brackets.", headings);
    Reasons reasons;
    for (const Cell* cell : cells_by_concurrency(run)) {
        std::vector<std::string> row{cell->strategy.text(), human_count(cell->concurrency)};
        row.reserve(headings.size());
        for (const auto& [heading, metric] : columns)
            row.push_back(estimate_or_reason(*cell, metric, reasons));
        table.add_row(row, !is_usable(run, *cell), standing_of(run, *cell));
    }
    return folded(summary, table, reasons);
}

std::string percent_text(double percent) {
    constexpr double least = 0.005;  // that is not 0 with so many digits
    return std::abs(percent) < least ? "0.00 %" : fmt::format("{:+.2f} %", percent);
}

}  // namespace

std::string drift_table(const RunResult& run) {
    std::vector<std::pair<std::uint64_t, double>> trials;
    for (const Json& row : drift_rows(run)) {
        trials.emplace_back(row["order"], row["percent"]);
    }
    if (trials.empty()) return {};
    std::sort(trials.begin(), trials.end());
    HtmlTable table(
        fmt::format("How far trials are from the median of their cell, in {}, by the time of the run.",
                    name_on_page(ranking_metric(run))),
        {"Trials", "Lowest", "Median", "Highest"});
    const std::size_t parts = std::min<std::size_t>(10, trials.size());
    for (std::size_t part = 0; part < parts; ++part) {
        const std::size_t begin = part * trials.size() / parts;
        const std::size_t end = (part + 1) * trials.size() / parts;
        std::vector<double> percents;
        percents.reserve(end - begin);
        for (std::size_t i = begin; i < end; ++i) percents.push_back(trials[i].second);
        const auto [lowest, highest] = std::minmax_element(percents.begin(), percents.end());
        table.add_row({fmt::format("{} to {}", trials[begin].first, trials[end - 1].first),
                       percent_text(*lowest), percent_text(median(percents)), percent_text(*highest)});
    }
    return folded("Drift over the run, as a table", table, Reasons{});
}

std::string cost_table(const RunResult& run) {
    return table_of(run, "What a request costs, as a table",
                    {{"CPU / request", "cpu_us_per_request"},
                     {"Instructions / request", "instructions_per_request"},
                     {"Allocations / request", "allocations_per_request"},
                     {"Peak memory", "peak_rss_bytes"},
                     {"Memory in flight", "memory_per_in_flight_bytes"}});
}

std::string loop_table(const RunResult& run) {
    return table_of(run, "The event loop, as a table",
                    {{"Utilization", "loop_utilization"},
                     {"Longest stall", "loop_longest_busy_ns"},
                     {"Latest timer", "loop_longest_lag_ns"}});
}

std::string percentile_table(const RunResult& run) {
    if (run.summary.empty()) return {};
    HtmlTable table("Medians of the percentiles of each cell's trials, with their intervals in brackets.",
                    {"Strategy", concurrency_heading, "Time", "p50", "p90", "p99", "p99.9", "Slowest"});
    Reasons reasons;
    for (const Cell* cell : cells_by_concurrency(run)) {
        for (const std::string_view time : latency_kinds(run)) {
            std::vector<std::string> row{cell->strategy.text(), human_count(cell->concurrency),
                                         std::string(time)};
            row.reserve(8);
            for (const char* percentile : {"p50", "p90", "p99", "p999", "max"})
                row.push_back(estimate_or_reason(*cell, fmt::format("{}_{}_ns", time, percentile), reasons));
            table.add_row(row, !is_usable(run, *cell), standing_of(run, *cell));
        }
    }
    return folded("Latency percentiles, as a table", table, reasons);
}

}  // namespace asyncbench
