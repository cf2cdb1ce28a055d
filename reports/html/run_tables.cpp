#include "reports/html/run_tables.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "analysis/ranking/choice.hpp"
#include "analysis/ranking/rank.hpp"
#include "analysis/stats/order_statistics.hpp"
#include "analysis/summary.hpp"
#include "reports/html/assets.hpp"
#include "reports/html/drift.hpp"
#include "reports/html/figure_markup.hpp"
#include "reports/html/figures.hpp"
#include "reports/html/html_table.hpp"
#include "reports/html/markup.hpp"
#include "reports/text/cell_text.hpp"
#include "reports/text/cells.hpp"
#include "reports/text/describe.hpp"
#include "reports/text/human.hpp"
#include "reports/text/latency_kinds.hpp"
#include "reports/text/ranking.hpp"
#include "reports/text/strategy_name.hpp"

namespace asyncbench {
namespace {

/// Of a narrow column, which may break it.
constexpr const char* concurrency_heading = "Concur\u00adrency";

/// Why values are unknown, each once: a sentence in a narrow column makes its row tall, so that a number
/// stands there and the sentence below the table.
class Reasons {
  public:
    /// What stands in the cell: `unknown (1)`.
    std::string refer_to(const std::string& reason) {
        auto found = std::find(reasons_.begin(), reasons_.end(), reason);
        if (found == reasons_.end()) found = reasons_.insert(found, reason);
        return fmt::format("unknown ({})", found - reasons_.begin() + 1);
    }

    /// A paragraph for each reason, escaped.
    std::string markup() const {
        std::string text;
        for (std::size_t i = 0; i < reasons_.size(); ++i)
            text +=
                fmt::format("<p class=\"left-out\">Unknown ({}): {}.</p>\n", i + 1, escape_html(reasons_[i]));
        return text;
    }

  private:
    std::vector<std::string> reasons_;
};

/// The cell's median of the metric; where that is unknown the number of its reason, or a dash.
std::string value_or_reason(const Cell& cell, std::string_view metric, Reasons& reasons) {
    if (estimate_of(cell, metric) != nullptr) return value_text(cell, metric);
    const auto reason = cell.unknown.find(metric);
    return reason == cell.unknown.end() ? no_value : reasons.refer_to(reason->second);
}

/// The same with its interval.
std::string estimate_or_reason(const Cell& cell, std::string_view metric, Reasons& reasons) {
    if (estimate_of(cell, metric) != nullptr) return estimate_text(cell, metric);
    return value_or_reason(cell, metric, reasons);
}

/// Value and interval on one line: neither the space between them nor the interval's dash is broken.
std::string unbroken(std::string text) {
    constexpr std::string_view dash = "–";
    if (const auto space = text.find(' '); space != std::string::npos) text.replace(space, 1, "\u00a0");
    if (const auto at = text.find(dash); at != std::string::npos) text.insert(at + dash.size(), "\u2060");
    return text;
}

std::string metric_text(const Trial& trial, std::string_view metric) {
    const auto value = value_of(trial.metrics, metric);
    return value ? human_metric(metric, *value) : no_value;
}

/// Half of the interval over the median.
std::string noise_floor(const Cell& cell, std::string_view metric) {
    const Estimate* estimate = estimate_of(cell, metric);
    if (estimate == nullptr || !has_interval(*estimate)) return no_value;
    const double percent = (estimate->high - estimate->low) / 2 / estimate->value * 100;
    if (!std::isfinite(percent)) return no_value;
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

/// A heading and the metric below it.
using Column = std::pair<const char*, std::string>;

std::string folded_table(std::string_view summary, const HtmlTable& table, const Reasons& reasons) {
    return folded(summary,
                  fmt::format("<div class=\"table wide\">\n{}\n{}</div>\n", table.text(), reasons.markup()));
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
    return folded_table(summary, table, reasons);
}

std::string percent_text(double percent) {
    constexpr double least = 0.005;  // that is not 0 with so many digits
    return std::abs(percent) < least ? "0.00 %" : fmt::format("{:+.2f} %", percent);
}

std::string verdict_text(const RunResult& run, const Order& order) {
    switch (order.verdict) {
        case OrderVerdict::head_better:
            return fmt::format("{} is better", name_in_text(run, order.head));
        case OrderVerdict::base_better:
            return fmt::format("{} is better", name_in_text(run, order.base));
        case OrderVerdict::alike:
            return fmt::format("alike within {}", human_deviation(order.alike_within));
        case OrderVerdict::through_target:
            return "apart through the target's lateness alone";
        case OrderVerdict::open:
            break;
    }
    return waits_may_explain(order) ? "no order shown: the slower one waited for a CPU" : "no order shown";
}

std::string table_of(const RunResult& run, const std::vector<const Order*>& orders) {
    if (orders.empty()) return {};
    HtmlTable table("Ratios with their intervals, as measured and with the target's own lateness taken out.",
                    {"Strategy", "Against", "Measure", "Ratio", "Without the target's lateness", "Shown"});
    for (const Order* order : orders) {
        table.add_row({order->head.text(), order->base.text(), name_on_page(order->metric),
                       human_ratio(order->ratio),
                       order->punctual_ratio ? human_ratio(*order->punctual_ratio) : no_value,
                       verdict_text(run, *order)});
    }
    return fmt::format("<div class=\"table wide orders\">\n{}\n</div>\n", table.text());
}

std::string folded_orders(const RunResult& run, const char* what, const std::vector<const Order*>& orders) {
    return folded(fmt::format("{}: {}", what, counted(orders.size(), "row")), table_of(run, orders));
}

std::string hex(const Fingerprint& fingerprint) {
    return fmt::format("{:016x}", fingerprint.sum);
}

struct Work {
    Fingerprint client;
    Fingerprint served;
    std::uint64_t errors = 0;
    std::uint64_t arrived = 0;
    std::uint64_t connections = 0;
    bool target_known = true;
    bool measured = false;  ///< in one trial at least
};

Work work_of(const RunResult& run, const Cell& cell) {
    Work work;
    for (const Trial& trial : run.trials) {
        if (!is_of(trial, cell) || !trial.failure.empty()) continue;
        work.measured = true;
        work.client += trial.client;
        work.errors += trial.errors.total();
        work.target_known = work.target_known && trial.target.has_value();
        if (!trial.target) continue;
        work.served += trial.target->served;
        work.arrived += trial.target->requests;
        work.connections += trial.target->connections;
    }
    return work;
}

/// A response that the client lost or gave up on may still have been served; the harness judged each trial.
std::string same_work(const Cell& cell, const Work& work) {
    if (work.client == work.served) return "yes";
    const bool mismatch = std::any_of(cell.warnings.begin(), cell.warnings.end(),
                                      [](const Warning& warning) { return warning.code == "work-mismatch"; });
    return mismatch ? "no" : "yes, apart from failed requests";
}

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
    if (cell == nullptr) return no_value;
    if (!is_usable(run, *cell)) return standing_of(run, *cell);
    return estimate_text(*cell, metric);
}

std::string with_interval(const Estimate& estimate) {
    std::string value = human_number(estimate.value);
    if (!has_interval(estimate)) return value;
    return fmt::format("{} [{}–{}]", value, human_number(estimate.low), human_number(estimate.high));
}

/// Of a law whose kappa may be 0 the peak may be nowhere, whatever number its best fit gives.
std::string peak_text(const StrategyScalability& each) {
    const std::optional<Estimate>& peak = each.fit->peak;
    if (!peak) return "not determined";
    const char* beyond = peak->value > each.highest ? ", beyond what was measured" : "";
    return with_interval(*peak) + beyond;
}

std::string residual_text(const StrategyScalability& each) {
    return each.residual_share ? fmt::format("±{}", human_deviation(*each.residual_share)) : no_value;
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
    const bool tells_lateness = is_known(run, "target_lateness_mean_ns");
    return fragment("cell-notes",
                    {{"of", ranks_by_throughput(run) ? "the throughput's interval"
                                                     : "the interval of the response time's p99"},
                     {"lateness", tells_lateness ? fragment("target-late") : std::string()},
                     {"multiplicity", escape_html(describe_multiplicity(run))},
                     {"every_level", escape_html(every_level_sentence(run))}});
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
    for (const Trial& trial : run.trials) {
        const std::string_view standing = standing_of(run, trial);
        std::vector<std::string> row{trial.spec.strategy.text(),
                                     trial.every_level ? "every" : human_count(trial.spec.plan.concurrency),
                                     human_count(trial.order),
                                     human_count(trial.repetition),
                                     trial.started_utc,
                                     metric_text(trial, "throughput_rps"),
                                     metric_text(trial, "service_p99_ns")};
        if (has_response) row.push_back(metric_text(trial, "response_p99_ns"));
        row.insert(row.end(), {metric_text(trial, "cpu_us_per_request"), std::string(standing),
                               trial.failure.empty() ? fmt::format("{:016x}", trial.client.sum) : no_value,
                               trial.failure.empty() ? no_value : trial.failure});
        table.add_row(row, !trial.usable() || standing == "wrong", standing);
    }
    return table.text();
}

std::string drift_table(const RunResult& run) {
    std::vector<std::pair<std::uint64_t, double>> trials;
    for (const DriftPoint& point : drift_of(run))
        trials.emplace_back(run.trials[point.trial].order + 1, point.percent);
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
    return folded_table("Drift over the run, as a table", table, Reasons{});
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
    return folded_table("Latency percentiles, as a table", table, reasons);
}

std::string order_table(const RunResult& run) {
    if (!run.ranking || run.ranking->orders.empty()) return {};
    constexpr std::size_t most_in_sight = 12;
    constexpr std::size_t most_rows = 60;
    const Ranking& ranking = *run.ranking;
    std::vector<const Order*> first;
    std::vector<const Order*> others;
    for (const Order& order : ranking.orders) {
        if (order.metric == ranking.metric) {
            first.push_back(&order);
        } else if (order.is_ordered() || ranking.orders.size() <= most_rows) {
            others.push_back(&order);  // of many, only what is shown
        }
    }
    const std::string head =
        fmt::format("<h3>Orders at a concurrency of {}</h3>\n", human_count(ranking.concurrency));
    const std::string in_sight = first.empty() || first.size() > most_in_sight
                                     ? folded_orders(run, "By what is ranked", first)
                                     : table_of(run, first);
    return head + in_sight + folded_orders(run, "By what it costs", others);
}

std::string work_table(const RunResult& run) {
    HtmlTable table(
        "What client and target each say was done, summed over the trials of a cell.",
        {"Strategy", concurrency_heading, "Responses received", "Client's fingerprint", "Errors",
         "Requests arrived", "Responses served", "Target's fingerprint", "Connections", "Same work"});
    for (const Cell* cell : cells_by_concurrency(run)) {
        const Work work = work_of(run, *cell);
        if (!work.measured) {
            std::vector<std::string> row(10, no_value);
            row[0] = cell->strategy.text();
            row[1] = human_count(cell->concurrency);
            table.add_row(row, true, standing_of(run, *cell));
            continue;
        }
        std::vector<std::string> row{cell->strategy.text(), human_count(cell->concurrency),
                                     human_count(work.client.count), hex(work.client),
                                     human_count(work.errors)};
        if (work.target_known) {
            row.insert(row.end(), {human_count(work.arrived), human_count(work.served.count),
                                   hex(work.served), human_count(work.connections), same_work(*cell, work)});
        } else {
            row.insert(row.end(), {no_value, no_value, no_value, no_value, "the target does not tell"});
        }
        table.add_row(row, !is_usable(run, *cell), standing_of(run, *cell));
    }
    return table.text();
}

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
    return fragment("side-by-side", {{"table", table.text()}});
}

std::string scalability_details(const std::vector<StrategyScalability>& strategies) {
    if (strategies.empty()) return {};
    HtmlTable table(
        "Least squares over all usable trials, 95 % intervals by bootstrap.",
        {"Strategy", "λ, one alone", "σ, contention", "κ, coherency", "Peak at", "Residual error", "R²"});
    for (const StrategyScalability& each : strategies) {
        if (!each.fit) {
            table.add_row({each.strategy.text(), fmt::format("no fit: {}", each.why_none)});
            continue;
        }
        table.add_row({each.strategy.text(), fmt::format("{}/s", with_interval(each.fit->lambda)),
                       with_interval(each.fit->sigma), with_interval(each.fit->kappa), peak_text(each),
                       residual_text(each), fmt::format("{:.4f}", each.fit->r_squared)});
    }
    return fragment("law", {{"table", table.text()}});
}

}  // namespace asyncbench
