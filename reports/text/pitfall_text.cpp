#include "reports/text/pitfall_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "reports/text/cell_text.hpp"
#include "reports/text/diagnosis.hpp"
#include "reports/text/human.hpp"

namespace asyncbench {
namespace {

/// What the metric is called in a sentence and over a column.
struct MetricWords {
    std::string_view metric;
    std::string_view sentence;
    std::string_view heading;
};

constexpr MetricWords words[] = {
    {"throughput_rps", "Throughput", "throughput"},
    {"response_p50_ns", "Median response time", "p50"},
    {"response_p99_ns", "Response time at p99", "p99"},
    {"neighbour_delay_p99_ns", "The neighbours' delay at p99", "neighbours p99"},
    {"neighbour_delay_max_ns", "The neighbours' longest delay", "max"},
    {"loop_utilization", "Loop utilization", "loop busy"},
    {"target_connections", "Connections", "connections"},
    {"peak_rss_bytes", "Memory", "memory"},
    {"cpu_us_per_request", "CPU time a request", "CPU/request"},
};

const MetricWords* words_of(std::string_view metric) {
    const auto* found = std::find_if(std::begin(words), std::end(words),
                                     [&](const auto& each) { return each.metric == metric; });
    return found == std::end(words) ? nullptr : found;
}

/// So that over 1 is better, whichever direction the metric has.
Estimate times_better(const Comparison& comparison) {
    const MetricInfo* info = find_metric(comparison.metric);
    const Estimate& ratio = comparison.ratio;
    if (info == nullptr || info->better == Better::higher) return ratio;
    return {1 / ratio.value, 1 / ratio.high, 1 / ratio.low, ratio.confidence};
}

const Comparison* comparison_with_wrong(const PitfallResult& result, const PitfallWay& way) {
    const Pitfall& pitfall = result.pitfall;
    const StrategySpec head = strategy_of(pitfall.name, way.name);
    const StrategySpec wrong = strategy_of(pitfall.name, pitfall.ways.front().name);
    const auto found = std::find_if(
        result.run.comparisons.begin(), result.run.comparisons.end(), [&](const Comparison& each) {
            // Where the wrong way cannot be used, the others are compared with another.
            return each.base == wrong && each.head == head && each.metric == pitfall.metric;
        });
    return found == result.run.comparisons.end() ? nullptr : &*found;
}

std::string clause(const PitfallResult& result, const PitfallWay& way) {
    const Comparison* comparison = comparison_with_wrong(result, way);
    if (comparison == nullptr) return fmt::format("{} cannot be compared", way.name);
    const Estimate times = times_better(*comparison);
    const std::string ratio = human_ratio(times);
    if (!has_interval(times))
        return fmt::format("{} {} (too few trials to rank)", way.name, human_ratio({times.value}));
    if (!comparison->separated) return fmt::format("{} not separated from wrong, {}", way.name, ratio);
    if (times.value < 1) return fmt::format("{} is worse: {}", way.name, ratio);
    return fmt::format("{} {} better", way.name, ratio);
}

}  // namespace

std::vector<PitfallColumn> columns_of_pitfall(const Pitfall& pitfall) {
    std::vector<std::string_view> metrics{"throughput_rps",         "response_p50_ns",
                                          "response_p99_ns",        "neighbour_delay_p99_ns",
                                          "neighbour_delay_max_ns", "loop_utilization"};
    if (!pitfall.metric.empty() &&
        std::find(metrics.begin(), metrics.end(), pitfall.metric) == metrics.end()) {
        metrics.push_back(pitfall.metric);
    }
    std::vector<PitfallColumn> columns;
    for (const std::string_view metric : metrics) {
        const MetricWords* known = words_of(metric);
        const std::string heading(known == nullptr ? metric : known->heading);
        const bool short_for_more = metric == "neighbour_delay_max_ns";
        columns.push_back({heading, short_for_more ? "neighbours " + heading : heading, std::string(metric)});
    }
    return columns;
}

const Cell* cell_of_way(const PitfallResult& result, const PitfallWay& way) {
    const StrategySpec strategy = strategy_of(result.pitfall.name, way.name);
    const auto found = std::find_if(result.run.summary.begin(), result.run.summary.end(),
                                    [&](const Cell& cell) { return cell.strategy == strategy; });
    return found == result.run.summary.end() ? nullptr : &*found;
}

std::string way_text(const PitfallResult& result, const PitfallWay& way, const std::string& metric,
                     bool with_interval) {
    const Cell* cell = cell_of_way(result, way);
    if (cell == nullptr) return no_value;
    return with_interval ? estimate_text(*cell, metric) : value_text(*cell, metric);
}

std::string harm_in_numbers(const PitfallResult& result) {
    const Pitfall& pitfall = result.pitfall;
    if (pitfall.metric.empty()) return {};
    const MetricWords* known = words_of(pitfall.metric);
    std::string text;
    for (std::size_t i = 1; i < pitfall.ways.size(); ++i) {
        text += fmt::format("{}{}", text.empty() ? "" : "; ", clause(result, pitfall.ways[i]));
    }
    return fmt::format("{} against wrong: {}.", known == nullptr ? pitfall.metric : known->sentence, text);
}

std::vector<std::string> outcomes_of(const PitfallResult& result, const PitfallWay& way) {
    struct Seen {
        std::string message;
        std::uint64_t least = 0;
        std::uint64_t most = 0;
    };
    std::map<std::string, Seen> seen;
    const StrategySpec strategy = strategy_of(result.pitfall.name, way.name);
    std::uint64_t trials = 0;
    for (const Trial& trial : result.run.trials) {
        if (trial.spec.strategy != strategy || !trial.failure.empty()) continue;
        ++trials;
        for (const Outcome& outcome : trial.outcomes) {
            const auto [at, is_new] =
                seen.try_emplace(outcome.code, Seen{outcome.message, outcome.count, outcome.count});
            at->second.least = std::min(at->second.least, outcome.count);
            at->second.most = std::max(at->second.most, outcome.count);
        }
    }
    std::vector<std::string> sentences;
    for (const auto& [code, each] : seen) {
        sentences.push_back(each.least == each.most
                                ? each.message
                                : fmt::format("{} ({} to {} in {})", each.message, each.least, each.most,
                                              counted(trials, "trial")));
    }
    return sentences;
}

std::vector<std::string> detectors_said(const PitfallResult& result, const PitfallWay& way) {
    if (!result.diagnosed) return {};
    const StrategySpec strategy = strategy_of(result.pitfall.name, way.name);
    std::vector<std::string> sentences;
    for (const Trial& trial : result.diagnosed->trials) {
        if (trial.spec.strategy != strategy) continue;
        if (!trial.failure.empty()) sentences.push_back(trial.failure);
        if (!trial.diagnosis) {
            sentences.emplace_back("the trial told nothing.");
            continue;
        }
        for (const CountedFinding& counted : trial.diagnosis->findings)
            sentences.push_back(describe(counted));
        if (trial.diagnosis->not_listed > 0) {
            sentences.push_back(fmt::format("and {} more.", human_count(trial.diagnosis->not_listed)));
        }
        if (sentences.empty()) sentences.emplace_back("nothing.");
    }
    return sentences;
}

}  // namespace asyncbench
