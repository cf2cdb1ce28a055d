#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "harness/trial/summary.hpp"
#include "reports/html/markup.hpp"
#include "reports/html/sections.hpp"
#include "reports/text/answer.hpp"
#include "reports/text/describe.hpp"
#include "reports/text/human.hpp"
#include "reports/text/metric_label.hpp"

namespace asyncbench {
namespace {

constexpr const char* nothing = "–";
constexpr const char* concurrency = "Concur\u00adrency";  // may break there in a narrow column

/// Why values are unknown, each once: a sentence in a narrow column makes its row tall, so that a number
/// stands there and the sentence below the table.
class Reasons {
  public:
    std::string refer_to(const std::string& reason) {
        auto found = std::find(reasons_.begin(), reasons_.end(), reason);
        if (found == reasons_.end()) found = reasons_.insert(found, reason);
        return fmt::format("unknown ({})", found - reasons_.begin() + 1);
    }

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

std::string value_text(const Cell& cell, std::string_view metric, Reasons& reasons) {
    const auto found = cell.metrics.find(metric);
    if (found != cell.metrics.end()) {
        return std::isfinite(found->second.value) ? human_metric(metric, found->second.value) : nothing;
    }
    const auto reason = cell.unknown.find(metric);
    return reason == cell.unknown.end() ? nothing : reasons.refer_to(reason->second);
}

std::string estimate_text(const Cell& cell, std::string_view metric, Reasons& reasons) {
    const auto found = cell.metrics.find(metric);
    const bool known = found != cell.metrics.end() && std::isfinite(found->second.value);
    return known ? human_estimate(metric, found->second) : value_text(cell, metric, reasons);
}

/// Value and interval on one line.
std::string unbroken(std::string text) {
    const auto space = text.find(' ');
    return space == std::string::npos ? text : text.replace(space, 1, "\u00a0");
}

std::string ratio_text(const RunResult& run, const Cell& cell) {
    if (!cell.valid()) return "not ranked";
    if (!run.scenario.strategies.empty() && cell.strategy == run.scenario.strategies.front()) return "1×";
    const Comparison* comparison = comparison_to_first(run, cell);
    if (comparison == nullptr) return nothing;
    const std::string ratio = unbroken(human_ratio(comparison->ratio));
    if (!can_rank(comparison->ratio)) return fmt::format("too few trials {}", ratio);
    return differs_from(run, cell, comparison->base) ? ratio : fmt::format("no difference shown {}", ratio);
}

std::string metric_text(const TrialResult& trial, std::string_view metric) {
    const auto value = value_of(trial.metrics, metric);
    return value ? human_metric(metric, *value) : nothing;
}

/// Half of the interval over the median.
std::string noise_floor(const Cell& cell) {
    const auto found = cell.metrics.find("throughput_rps");
    if (found == cell.metrics.end() || !has_interval(found->second)) return nothing;
    const Estimate& estimate = found->second;
    const double share = (estimate.high - estimate.low) / 2 / estimate.value;
    return std::isfinite(share) ? fmt::format("±{:.2g} %", share * 100) : nothing;
}

}  // namespace

std::string cell_table(const RunResult& run) {
    const std::string first =
        run.scenario.strategies.empty() ? "first" : run.scenario.strategies.front().text();
    const bool by_throughput = ranking_metric(run) == "throughput_rps";
    HtmlTable table("Every cell: medians over its trials, with their intervals in brackets.",
                    {"Strategy", concurrency, "Throughput", "Noise",
                     fmt::format("{} {}", by_throughput ? "Throughput to" : "Response p99 to", first),
                     "Of ideal", "Service p50", "Service p99", "Response p50", "Response p99",
                     "CPU / request", "Peak memory", "Memory in flight", "Errors", "Valid trials"});
    Reasons reasons;
    for (const Cell* cell : cells_by_concurrency(run)) {
        table.add_row(
            {cell->strategy.text(), human_count(cell->concurrency),
             estimate_text(*cell, "throughput_rps", reasons), noise_floor(*cell), ratio_text(run, *cell),
             value_text(*cell, "efficiency", reasons), value_text(*cell, "service_p50_ns", reasons),
             value_text(*cell, "service_p99_ns", reasons), value_text(*cell, "response_p50_ns", reasons),
             value_text(*cell, "response_p99_ns", reasons), value_text(*cell, "cpu_us_per_request", reasons),
             value_text(*cell, "peak_rss_bytes", reasons),
             value_text(*cell, "memory_per_in_flight_bytes", reasons), errors_of(run, *cell),
             fmt::format("{} of {}", cell->valid_trials, cell->trials)},
            !cell->valid());
    }
    return table.text() + reasons.markup();
}

std::string ratio_table(const RunResult& run) {
    if (run.comparisons.empty()) return "<p>None.</p>";
    HtmlTable table("Medians of the trials' ratios, paired by block, with their intervals.",
                    {"Strategy", concurrency, "Against", "Measure", "Ratio", "Shown"});
    for (const Comparison& comparison : run.comparisons) {
        table.add_row({comparison.head.text(), human_count(comparison.concurrency), comparison.base.text(),
                       metric_label(comparison.metric), human_ratio(comparison.ratio),
                       difference_text(comparison)});
    }
    return table.text();
}

std::string trial_table(const RunResult& run) {
    HtmlTable table("Every trial, in the order run.",
                    {"Strategy", concurrency, "Order", "Repetition", "Started (UTC)", "Throughput",
                     "Service p99", "Response p99", "CPU / request", "Client's fingerprint", "Failure"});
    for (const TrialResult& trial : run.trials) {
        table.add_row({trial.spec.strategy.text(), human_count(trial.spec.plan.concurrency),
                       human_count(trial.order), human_count(trial.repetition), trial.started_utc,
                       metric_text(trial, "throughput_rps"), metric_text(trial, "service_p99_ns"),
                       metric_text(trial, "response_p99_ns"), metric_text(trial, "cpu_us_per_request"),
                       trial.failure.empty() ? fmt::format("{:016x}", trial.client.sum) : nothing,
                       trial.failure.empty() ? nothing : trial.failure},
                      !trial.valid());
    }
    return table.text();
}

}  // namespace asyncbench
