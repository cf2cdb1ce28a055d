#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "analysis/summary.hpp"
#include "reports/html/caption.hpp"
#include "reports/html/figures.hpp"
#include "reports/html/markup.hpp"
#include "reports/html/sections.hpp"
#include "reports/html/standing.hpp"
#include "reports/html/table_cells.hpp"
#include "reports/text/cell_text.hpp"
#include "reports/text/cells.hpp"
#include "reports/text/describe.hpp"
#include "reports/text/human.hpp"
#include "reports/text/latency_kinds.hpp"
#include "reports/text/ranking.hpp"

namespace asyncbench {
namespace {

/// Value and interval on one line: neither the space between them nor the interval's dash is broken.
std::string unbroken(std::string text) {
    constexpr std::string_view dash = "–";
    if (const auto space = text.find(' '); space != std::string::npos) text.replace(space, 1, "\u00a0");
    if (const auto at = text.find(dash); at != std::string::npos) text.insert(at + dash.size(), "\u2060");
    return text;
}

std::string metric_text(const TrialResult& trial, std::string_view metric) {
    const auto value = value_of(trial.metrics, metric);
    return value ? human_metric(metric, *value) : nothing;
}

/// Half of the interval over the median.
std::string noise_floor(const Cell& cell, std::string_view metric) {
    const Estimate* estimate = estimate_of(cell, metric);
    if (estimate == nullptr || !has_interval(*estimate)) return nothing;
    const double percent = (estimate->high - estimate->low) / 2 / estimate->value * 100;
    if (!std::isfinite(percent)) return nothing;
    return fmt::format("±{}", human_deviation(percent / 100));
}

struct RunColumn {
    std::string heading;
    std::function<std::string(const Cell&, Reasons&)> text_of;
};

RunColumn metric_column(const char* heading, const char* metric) {
    return {heading,
            [metric](const Cell& cell, Reasons& reasons) { return value_or_reason(cell, metric, reasons); }};
}

/// Of the table of all numbers, behind strategy and concurrency. Those of metrics that only some targets tell
/// of are there where one cell has them.
std::vector<RunColumn> columns_of(const RunResult& run) {
    const StrategySpec* only = only_base(run);
    const std::string base = only == nullptr ? "the 1×" : only->text();
    const bool by_throughput = ranks_by_throughput(run);
    std::vector<RunColumn> columns;
    columns.push_back({"Throughput", [](const Cell& cell, Reasons& reasons) {
                           return estimate_or_reason(cell, "throughput_rps", reasons);
                       }});
    columns.push_back({by_throughput ? "Noise" : "Noise of response p99", [&run](const Cell& cell, Reasons&) {
                           return noise_floor(cell, ranking_metric(run));
                       }});
    columns.push_back({fmt::format("{} {}", by_throughput ? "Throughput to" : "Response p99 to", base),
                       [&run](const Cell& cell, Reasons&) { return unbroken(ratio_text(run, cell)); }});
    columns.push_back(metric_column("Of ideal", "efficiency"));
    columns.push_back(metric_column("Service p50", "service_p50_ns"));
    columns.push_back(metric_column("Service p99", "service_p99_ns"));
    if (has_response_times(run.scenario)) {
        columns.push_back(metric_column("Response p50", "response_p50_ns"));
        columns.push_back(metric_column("Response p99", "response_p99_ns"));
    }
    if (is_known(run, "target_lateness_mean_ns"))
        columns.push_back(metric_column("Target late", "target_lateness_mean_ns"));
    columns.push_back(metric_column("CPU / request", "cpu_us_per_request"));
    columns.push_back(metric_column("Peak memory", "peak_rss_bytes"));
    columns.push_back({"Errors", [&run](const Cell& cell, Reasons&) { return errors_of(run, cell); }});
    columns.push_back({"Trials used", [](const Cell& cell, Reasons&) { return trials_text(cell); }});
    return columns;
}

}  // namespace

std::string cell_table(const RunResult& run) {
    const std::vector<RunColumn> columns = columns_of(run);
    std::vector<std::string> headings{"Strategy", concurrency_heading};
    for (const RunColumn& column : columns) headings.push_back(column.heading);
    HtmlTable table("Every cell: medians over its trials, with their intervals in brackets.", headings);
    Reasons reasons;
    for (const Cell* cell : cells_by_concurrency(run)) {
        std::vector<std::string> row{cell->strategy.text(), human_count(cell->concurrency)};
        for (const RunColumn& column : columns) row.push_back(column.text_of(*cell, reasons));
        table.add_row(row, !is_usable(run, *cell), standing_of(run, *cell));
    }
    return table.text() + reasons.markup();
}

std::string cell_table_notes(const RunResult& run) {
    const char* lateness =
        is_known(run, "target_lateness_mean_ns")
            ? " The target is late by so much as it held requests longer than asked, in the mean."
            : "";
    return fmt::format(
        "<p>The noise is half of {} over its median. Ratios of trials paired by block can show "
        "smaller differences, as what disturbs a whole block cancels out.{} {} {}</p>",
        ranks_by_throughput(run) ? "the throughput's interval" : "the interval of the response time's p99",
        lateness, escape_html(describe_multiplicity(run)), escape_html(every_level_sentence(run)));
}

std::string ratio_table(const RunResult& run) {
    if (run.comparisons.empty()) return "<p>None.</p>";
    HtmlTable table("Medians of the trials' ratios, paired by block, with their intervals.",
                    {"Strategy", concurrency_heading, "Against", "Measure", "Ratio", "Shown"});
    for (const Comparison& comparison : run.comparisons) {
        if (!is_told(run.scenario, comparison.metric)) continue;
        table.add_row({comparison.head.text(), human_count(comparison.concurrency), comparison.base.text(),
                       name_on_page(comparison.metric), human_ratio(comparison.ratio),
                       difference_text(comparison)});
    }
    return table.text();
}

std::string trial_table(const RunResult& run) {
    const bool has_response = has_response_times(run.scenario);
    std::vector<std::string> headings{"Strategy",      concurrency_heading, "Order",      "Repetition",
                                      "Started (UTC)", "Throughput",        "Service p99"};
    if (has_response) headings.emplace_back("Response p99");
    headings.insert(headings.end(), {"CPU / request", "Standing", "Client's fingerprint", "Failure"});
    HtmlTable table("Every trial, in the order run, by some of its metrics.", headings, TableLayout::compact);
    for (const TrialResult& trial : run.trials) {
        const std::string_view standing = chart_standing(run, trial);
        std::vector<std::string> row{trial.spec.strategy.text(),
                                     trial.every_level ? "every" : human_count(trial.spec.plan.concurrency),
                                     human_count(trial.order),
                                     human_count(trial.repetition),
                                     trial.started_utc,
                                     metric_text(trial, "throughput_rps"),
                                     metric_text(trial, "service_p99_ns")};
        if (has_response) row.push_back(metric_text(trial, "response_p99_ns"));
        row.insert(row.end(), {metric_text(trial, "cpu_us_per_request"), std::string(standing),
                               trial.failure.empty() ? fmt::format("{:016x}", trial.client.sum) : nothing,
                               trial.failure.empty() ? nothing : trial.failure});
        table.add_row(row, standing == "wrong");
    }
    return table.text();
}

}  // namespace asyncbench
