#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "harness/trial/summary.hpp"
#include "reports/html/figures.hpp"
#include "reports/html/markup.hpp"
#include "reports/html/sections.hpp"
#include "reports/html/table_cells.hpp"
#include "reports/text/cell_text.hpp"
#include "reports/text/cells.hpp"
#include "reports/text/describe.hpp"
#include "reports/text/human.hpp"
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

bool ranks_by_throughput(const RunResult& run) {
    return ranking_metric(run) == "throughput_rps";
}

}  // namespace

std::string cell_table(const RunResult& run) {
    const StrategySpec* only = only_base(run);
    const std::string base = only == nullptr ? "the 1×" : only->text();
    const bool by_throughput = ranks_by_throughput(run);
    HtmlTable table(
        "Every cell: medians over its trials, with their intervals in brackets.",
        {"Strategy", concurrency_heading, "Throughput", by_throughput ? "Noise" : "Noise of response p99",
         fmt::format("{} {}", by_throughput ? "Throughput to" : "Response p99 to", base), "Of ideal",
         "Service p50", "Service p99", "Response p50", "Response p99", "CPU / request", "Peak memory",
         "Memory in flight", "Errors", "Valid trials"});
    Reasons reasons;
    for (const Cell* cell : cells_by_concurrency(run)) {
        table.add_row(
            {cell->strategy.text(), human_count(cell->concurrency),
             estimate_or_reason(*cell, "throughput_rps", reasons), noise_floor(*cell, ranking_metric(run)),
             unbroken(ratio_text(run, *cell)), value_or_reason(*cell, "efficiency", reasons),
             value_or_reason(*cell, "service_p50_ns", reasons),
             value_or_reason(*cell, "service_p99_ns", reasons),
             value_or_reason(*cell, "response_p50_ns", reasons),
             value_or_reason(*cell, "response_p99_ns", reasons),
             value_or_reason(*cell, "cpu_us_per_request", reasons),
             value_or_reason(*cell, "peak_rss_bytes", reasons),
             value_or_reason(*cell, "memory_per_in_flight_bytes", reasons), errors_of(run, *cell),
             fmt::format("{} of {}", cell->used_trials, cell->trials)},
            !is_usable(run, *cell));
    }
    return table.text() + reasons.markup();
}

std::string cell_table_notes(const RunResult& run) {
    return fmt::format(
        "<p>The noise is half of {} over its median. Ratios of trials paired by block can show "
        "smaller differences, as what disturbs a whole block cancels out. {}</p>",
        ranks_by_throughput(run) ? "the throughput's interval" : "the interval of the response time's p99",
        escape_html(describe_multiplicity(run)));
}

std::string ratio_table(const RunResult& run) {
    if (run.comparisons.empty()) return "<p>None.</p>";
    HtmlTable table("Medians of the trials' ratios, paired by block, with their intervals.",
                    {"Strategy", concurrency_heading, "Against", "Measure", "Ratio", "Shown"});
    for (const Comparison& comparison : run.comparisons) {
        table.add_row({comparison.head.text(), human_count(comparison.concurrency), comparison.base.text(),
                       name_on_page(comparison.metric), human_ratio(comparison.ratio),
                       difference_text(comparison)});
    }
    return table.text();
}

std::string trial_table(const RunResult& run) {
    HtmlTable table("Every trial, in the order run, by four of its metrics.",
                    {"Strategy", concurrency_heading, "Order", "Repetition", "Started (UTC)", "Throughput",
                     "Service p99", "Response p99", "CPU / request", "Client's fingerprint", "Failure"},
                    TableLayout::compact);
    for (const TrialResult& trial : run.trials) {
        table.add_row({trial.spec.strategy.text(), human_count(trial.spec.plan.concurrency),
                       human_count(trial.order), human_count(trial.repetition), trial.started_utc,
                       metric_text(trial, "throughput_rps"), metric_text(trial, "service_p99_ns"),
                       metric_text(trial, "response_p99_ns"), metric_text(trial, "cpu_us_per_request"),
                       trial.failure.empty() ? fmt::format("{:016x}", trial.client.sum) : nothing,
                       trial.failure.empty() ? nothing : trial.failure},
                      !trial.usable());
    }
    return table.text();
}

}  // namespace asyncbench
