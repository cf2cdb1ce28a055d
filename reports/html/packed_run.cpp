#include "reports/html/packed_run.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "harness/measure/histogram_codec.hpp"
#include "harness/trial/load_json.hpp"
#include "reports/html/packing.hpp"
#include "reports/json/result_json.hpp"

namespace asyncbench {
namespace {

/// Whether a script's numbers hold it.
bool is_exact(const std::vector<TimelineEntry>& timeline) {
    constexpr std::uint64_t largest_exact = std::uint64_t{1} << 53;
    return std::all_of(timeline.begin(), timeline.end(), [](const TimelineEntry& entry) {
        const auto fits = [](Nanoseconds time) {
            return static_cast<std::uint64_t>(time.count()) <= largest_exact;
        };
        return entry.id <= largest_exact && fits(entry.intended) && fits(entry.sent) && fits(entry.done);
    });
}

/// Times in the order sent differ little from each other: the ids as they are, how long before its send each
/// was intended, how long after the send before it was sent, and how long it took.
Json deltas_of(const std::vector<TimelineEntry>& timeline) {
    Json deltas = Json::array({Json::array(), Json::array(), Json::array(), Json::array()});
    Nanoseconds before{0};
    for (const TimelineEntry& entry : timeline) {
        deltas[0].push_back(entry.id);
        deltas[1].push_back((entry.sent - entry.intended).count());
        deltas[2].push_back((entry.sent - before).count());
        deltas[3].push_back((entry.done - entry.sent).count());
        before = entry.sent;
    }
    return {{"deltas", std::move(deltas)}};
}

/// Takes the histograms of service and response time out of the JSON of a trial or cell.
template <typename Measured>
void take_histograms(Json& object, const Measured& measured, std::string& histograms) {
    const std::pair<const char*, const Histogram*> fields[] = {{"service_time", &measured.service_time_ns},
                                                               {"response_time", &measured.response_time_ns}};
    for (const auto& [name, histogram] : fields) {
        if (!object.contains(name)) continue;
        const std::string bytes = encode_plain_v2(*histogram);
        object[name] = {{"hdr", {{"bytes", bytes.size()}}}};
        histograms += bytes;
    }
}

/// Metrics and the chart have the percentiles of a cell's or trial's overhead, and result.json has all.
void leave_out_overhead(Json& object) {
    if (object.contains("target")) object["target"].erase("delay_error");
    object.erase("overhead");
}

/// What run_rows.js and load_rows.js ask a trial for.
Json drawn_part(const Trial& trial, bool with_timeline) {
    Json object = {{"strategy", trial.spec.strategy.text()}, {"concurrency", trial.spec.plan.concurrency},
                   {"repetition", trial.repetition},         {"order", trial.order},
                   {"every_level", trial.every_level},       {"metrics", Json::object()}};
    for (const auto& [name, metric] : trial.metrics) {
        if (metric.value && std::isfinite(*metric.value)) object["metrics"][name] = *metric.value;
    }
    if (with_timeline) object["timeline"] = deltas_of(trial.timeline);
    if (trial.load) {
        for (const LoadSecond& second : trial.load->seconds)
            object["load"]["seconds"].push_back(json_of(second));
    }
    return object;
}

Json drawn_part(const Cell& cell) {
    Json object = {
        {"strategy", cell.strategy.text()}, {"concurrency", cell.concurrency}, {"metrics", Json::object()}};
    for (const auto& [name, estimate] : cell.metrics) object["metrics"][name] = null_if_unknown(estimate);
    return object;
}

}  // namespace

PackedRun packed_run(const RunResult& run, const Json& shown) {
    std::string histograms;
    Json result = json_of(run);
    for (std::size_t i = 0; i < run.trials.size(); ++i) {
        Json& trial = result["trials"][i];
        leave_out_overhead(trial);
        take_histograms(trial, run.trials[i], histograms);
        if (trial.contains("timeline") && is_exact(run.trials[i].timeline))
            trial["timeline"] = deltas_of(run.trials[i].timeline);
    }
    for (std::size_t i = 0; i < run.summary.size(); ++i) {
        leave_out_overhead(result["summary"][i]);
        take_histograms(result["summary"][i], run.summary[i], histograms);
    }
    return {packed_data(shown, to_text(result)), packed(histograms)};
}

std::string packed_charts(const RunResult& run, const Json& shown) {
    Json result = {
        {"scenario", {{"strategies", Json::array()}}}, {"trials", Json::array()}, {"summary", Json::array()}};
    for (const StrategySpec& strategy : run.scenario.strategies)
        result["scenario"]["strategies"].push_back(strategy.text());
    std::set<std::pair<std::string, std::uint32_t>> shown_timelines;  // one for each cell is drawn
    for (const Trial& trial : run.trials) {
        const bool first =
            trial.usable() && !trial.timeline.empty() &&
            shown_timelines.emplace(trial.spec.strategy.text(), trial.spec.plan.concurrency).second;
        result["trials"].push_back(drawn_part(trial, first));
    }
    for (const Cell& cell : run.summary) result["summary"].push_back(drawn_part(cell));
    return packed_data(shown, to_text(result));
}

}  // namespace asyncbench
