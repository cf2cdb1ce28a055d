// The numbers of the charts as tables that need no script.
#include <fmt/format.h>

#include <string>
#include <utility>
#include <vector>

#include "reports/html/markup.hpp"
#include "reports/html/sections.hpp"
#include "reports/html/table_cells.hpp"
#include "reports/text/describe.hpp"
#include "reports/text/human.hpp"
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
    if (run.summary.empty()) return {};
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
        table.add_row(row, !is_valid(run, *cell));
    }
    return folded(summary, table, reasons);
}

}  // namespace

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
        for (const char* time : {"service", "response"}) {
            std::vector<std::string> row{cell->strategy.text(), human_count(cell->concurrency), time};
            row.reserve(8);
            for (const char* percentile : {"p50", "p90", "p99", "p999", "max"})
                row.push_back(estimate_or_reason(*cell, fmt::format("{}_{}_ns", time, percentile), reasons));
            table.add_row(row, !is_valid(run, *cell));
        }
    }
    return folded("Latency percentiles, as a table", table, reasons);
}

}  // namespace asyncbench
