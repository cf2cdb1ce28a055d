#include "reports/html/chart_data.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>

#include "reports/html/assets.hpp"
#include "reports/text/answer.hpp"
#include "reports/text/describe.hpp"
#include "reports/text/human.hpp"

namespace asyncbench {
namespace {

constexpr std::size_t timeline_requests = 32;
constexpr int lanes_between = 10;  ///< for the strategy's name
constexpr double lane_pixels = 2.6;
constexpr std::size_t bar_pixels = 44;

const Estimate* estimate_of(const Cell& cell, std::string_view metric) {
    const auto found = cell.metrics.find(metric);
    return found == cell.metrics.end() ? nullptr : &found->second;
}

std::string text_or_reason(const Cell& cell, std::string_view metric) {
    if (const Estimate* estimate = estimate_of(cell, metric)) return human_estimate(metric, *estimate);
    const auto reason = cell.unknown.find(metric);
    return reason == cell.unknown.end() ? "unknown" : fmt::format("unknown: {}", reason->second);
}

/// A tenth of a per mille is more than a drawing shows, and a third of the digits.
double rounded(double value) {
    if (value == 0 || !std::isfinite(value)) return value;
    const double scale = std::pow(10, 5 - std::floor(std::log10(std::abs(value))));
    return std::round(value * scale) / scale;
}

Json row_of(const Cell& cell) {
    Json row = Json::object();
    row["strategy"] = cell.strategy.text();
    row["concurrency"] = cell.concurrency;
    return row;
}

/// A row for each cell in which the metric is known; values divided by `scale`.
Json estimate_rows(const RunResult& run, std::string_view metric, double scale) {
    Json rows = Json::array();
    for (const Cell* cell : cells_by_concurrency(run)) {
        const Estimate* estimate = estimate_of(*cell, metric);
        if (estimate == nullptr) continue;
        Json row = row_of(*cell);
        row["value"] = rounded(estimate->value / scale);
        row["low"] = rounded((has_interval(*estimate) ? estimate->low : estimate->value) / scale);
        row["high"] = rounded((has_interval(*estimate) ? estimate->high : estimate->value) / scale);
        row["text"] = human_estimate(metric, *estimate);
        row["of_ideal"] = text_or_reason(*cell, "efficiency");
        row["in_flight_text"] = text_or_reason(*cell, "memory_per_in_flight_bytes");
        row["valid"] = cell->valid();
        row["validity"] = cell->valid() ? "valid" : "not valid";
        rows.push_back(std::move(row));
    }
    return rows;
}

/// Cells at one concurrency differ a little in the requests they came to, and so in the mean of their delays.
Json ideal_rows(const RunResult& run) {
    Json rows = Json::array();
    for (const std::uint32_t level : concurrencies_of(run)) {
        double highest = 0;
        for (const Cell& cell : run.summary) {
            const Estimate* ideal = estimate_of(cell, "ideal_rps");
            if (cell.concurrency == level && ideal != nullptr) highest = std::max(highest, ideal->value);
        }
        if (highest > 0) rows.push_back({{"concurrency", level}, {"value", highest}});
    }
    return rows;
}

/// Percentiles as HdrHistogram's plots have them: the closer to 100 %, the denser, up to the slowest single
/// request.
void add_percentiles(Json& rows, const Cell& cell, const Histogram& histogram, std::string_view kind) {
    if (histogram.empty()) return;
    constexpr double steps_per_decade = 8;
    const auto count = static_cast<double>(histogram.count());
    const int last = static_cast<int>(std::ceil(std::log10(count) * steps_per_decade));
    for (int step = 0; step <= last; ++step) {
        const double one_in = std::min(std::pow(10, step / steps_per_decade), count);
        const double percentile = 100 - 100 / one_in;
        const auto nanoseconds = static_cast<double>(histogram.value_at_percentile(percentile));
        if (nanoseconds <= 0) continue;
        Json row = row_of(cell);
        row["kind"] = kind;
        row["percentile"] = 100 - rounded(100 / one_in);
        row["one_in"] = rounded(one_in);
        row["milliseconds"] = rounded(nanoseconds / 1e6);
        rows.push_back(std::move(row));
    }
}

Json latency_rows(const RunResult& run) {
    Json rows = Json::array();
    for (const Cell* cell : cells_by_concurrency(run)) {
        if (!cell->valid()) continue;
        add_percentiles(rows, *cell, cell->service_time_ns, "service time");
        add_percentiles(rows, *cell, cell->response_time_ns, "response time");
    }
    return rows;
}

const TrialResult* first_valid_trial(const RunResult& run, const Cell& cell) {
    const auto found = std::find_if(run.trials.begin(), run.trials.end(), [&](const TrialResult& trial) {
        return is_of(trial, cell) && trial.valid() && !trial.timeline.empty();
    });
    return found == run.trials.end() ? nullptr : &*found;
}

double milliseconds(Nanoseconds time) {
    return rounded(static_cast<double>(time.count()) / 1e6);
}

/// Bars of one strategy stand on top of each other, those of the next one below, apart by its name.
Json timeline_rows(const RunResult& run) {
    Json rows = Json::array();
    std::map<std::uint32_t, int> next_lane;  // by concurrency, of which one is shown at a time
    for (const Cell& cell : run.summary) {
        const TrialResult* trial = cell.valid() ? first_valid_trial(run, cell) : nullptr;
        if (trial == nullptr) continue;
        int& lane = next_lane[cell.concurrency];
        lane += lanes_between;
        const std::size_t shown = std::min(trial->timeline.size(), timeline_requests);
        for (std::size_t i = 0; i < shown; ++i, ++lane) {
            const TimelineEntry& entry = trial->timeline[i];
            Json row = row_of(cell);
            row["id"] = entry.id;
            row["lane"] = lane;
            row["lane_end"] = lane + 0.8;
            row["first"] = i == 0;
            row["intended"] = milliseconds(entry.intended);
            row["sent"] = milliseconds(entry.sent);
            row["done"] = milliseconds(entry.done);
            rows.push_back(std::move(row));
        }
    }
    return rows;
}

}  // namespace

Json chart_specification(const std::string& name) {
    return Json::parse(report_asset(fmt::format("charts/{}.vl.json", name)));
}

Json chart_data(const RunResult& run) {
    Json data = Json::object();
    data["strategies"] = Json::array();
    for (const StrategySpec& strategy : run.scenario.strategies)
        data["strategies"].push_back(strategy.text());
    data["levels"] = concurrencies_of(run);

    Json& sets = data["datasets"] = Json::object();
    sets["throughput"] = estimate_rows(run, "throughput_rps", 1);
    sets["ideal"] = ideal_rows(run);
    sets["latency"] = latency_rows(run);
    sets["cpu"] = estimate_rows(run, "cpu_us_per_request", 1);
    sets["memory"] = estimate_rows(run, "peak_rss_bytes", 1e6);
    sets["timeline"] = timeline_rows(run);

    // Heights that depend on how many strategies there are; a chart with steps does not fit its container.
    const std::size_t strategies = run.scenario.strategies.size();
    const bool single = data["levels"].size() < 2;
    Json& charts = data["charts"] = Json::object();
    charts["throughput"] = chart_specification(single ? "throughput-single" : "throughput");
    if (single) charts["throughput"]["height"] = strategies * bar_pixels;
    for (const char* name : {"latency", "cpu", "memory", "timeline"})
        charts[name] = chart_specification(name);
    charts["timeline"]["height"] =
        std::lround(static_cast<double>(strategies * (timeline_requests + lanes_between)) * lane_pixels);
    return data;
}

}  // namespace asyncbench
