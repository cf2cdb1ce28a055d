#include "reports/html/load_data.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "analysis/summary.hpp"
#include "reports/html/columns.hpp"
#include "reports/html/drawn_number.hpp"
#include "reports/html/latency_data.hpp"
#include "reports/html/load_figures.hpp"
#include "reports/text/describe.hpp"
#include "reports/text/human.hpp"
#include "reports/text/load_answer.hpp"
#include "reports/text/load_times.hpp"

namespace asyncbench {
namespace {

struct Series {
    const char* name;
    const char* colour;  ///< of colours.css
};
constexpr std::array all_series{
    Series{"p50", "series-1"},    Series{"p90", "series-3"},      Series{"p99", "series-2"},
    Series{"max", "series-4"},    Series{"answered", "series-1"}, Series{"offered", "quiet"},
    Series{"errors", "series-6"}, Series{"held", "verdict-pass"}, Series{"not held", "verdict-fail"}};

std::vector<const Cell*> usable_load_cells(const RunResult& run) {
    std::vector<const Cell*> cells;
    for (const Cell& cell : run.summary)
        if (is_usable(run, cell)) cells.push_back(&cell);
    return cells;
}

/// As far as it was measured: an interrupted load has a longer plan.
Json offered_columns(const RunResult& run) {
    Json columns = columns_named({"second", "value"});
    const Trial& trial = *load_trial(run);
    const PlanSpec& plan = trial.spec.plan;
    if (plan.kind != PlanKind::open || trial.load->seconds.empty()) return columns;
    std::vector<LoadStage> stages = trial.spec.load->stages;
    if (stages.empty()) stages = {{plan.rate_rps, plan.rate_rps, plan.duration}};
    const std::int64_t measured = std::int64_t{trial.load->seconds.back().second} + 1;
    const Nanoseconds end = std::min<Nanoseconds>(std::chrono::seconds{measured}, duration_of(stages));
    const Nanoseconds step = std::max<Nanoseconds>(std::chrono::seconds{seconds_a_point(run)},
                                                   end / static_cast<std::int64_t>(most_points));
    for (Nanoseconds time{0}; time < end + step; time += step) {
        const Nanoseconds at = std::min(time, end);
        add_row(columns, {{"second", static_cast<double>(at.count()) / 1e9},
                          {"value", rounded(value_at(stages, at))}});
    }
    return columns;
}

/// What stands on a logarithmic axis has to be above 0.
Json spread_columns(const std::vector<LoadTime>& times) {
    Json columns = columns_named({"time", "strategy", "milliseconds", "text"});
    for (const LoadTime& time : times) {
        for (const auto& [series, percentile] :
             {std::pair{"p50", 50.0}, {"p90", 90.0}, {"p99", 99.0}, {"max", 100.0}}) {
            const auto ns = static_cast<double>(time.ns.value_at_percentile(percentile));
            if (ns <= 0) continue;
            add_row(columns, {{"time", time.name},
                              {"strategy", series},
                              {"milliseconds", rounded(ns / 1e6)},
                              {"text", human_time(ns)}});
        }
    }
    return columns;
}

Json search_columns(const RunResult& run) {
    Json columns = columns_named({"trial", "strategy", "rate", "text", "why", "kind", "limited"});
    if (!run.search) return columns;
    for (const RateStep& step : run.search->steps) {
        add_row(columns, {{"trial", columns["trial"].size() + 1},
                          {"strategy", step.holds ? "held" : "not held"},
                          {"rate", rounded(step.rate_rps)},
                          {"text", human_rate(step.rate_rps)},
                          {"why", step.why},
                          {"kind", step.confirms ? "looked again" : "searched"},
                          {"limited", step.limited}});
    }
    return columns;
}

bool has_seconds(const RunResult& run, bool (*is_drawn)(const LoadSecond&)) {
    return std::any_of(run.trials.begin(), run.trials.end(), [&](const Trial& trial) {
        return trial.load && std::any_of(trial.load->seconds.begin(), trial.load->seconds.end(), is_drawn);
    });
}

bool draws(const RunResult& run, const Json& shown, std::string_view figure) {
    if (figure == "rate") return has_seconds(run, [](const LoadSecond&) { return true; });
    if (figure == "times")
        return has_seconds(run, [](const LoadSecond& second) { return second.max_ns.value_or(0) > 0; });
    if (figure == "errors")
        return has_seconds(run, [](const LoadSecond& second) { return second.errors > 0; });
    return !shown.at(figure).front().empty();
}

}  // namespace

Json load_shown_of(const RunResult& run) {
    const std::vector<const Cell*> cells = usable_load_cells(run);
    Json shown = {{"page", "load"},
                  {"source", fmt::format("asyncbench {}, {}", run.tool_version, run.started_utc)},
                  {"strategies", Json::array()},
                  {"colours", Json::array()},
                  {"has_response_times", has_response_times(run.scenario)},
                  {"concurrency", load_trial(run)->spec.plan.concurrency},
                  {"seconds_a_point", seconds_a_point(run)},
                  {"offered", offered_columns(run)},
                  {"latency", latency_columns(run, cells, Percentiles::of_tail)},
                  {"distribution", latency_columns(run, cells, Percentiles::of_distribution)},
                  {"phases", spread_columns(load_phases(run))},
                  {"generator", spread_columns(load_generator_times(run))},
                  {"search", search_columns(run)},
                  {"answer", nullptr},
                  {"captions", Json::object()},
                  {"left_out", Json::object()}};
    if (run.search && run.search->highest_held) shown["answer"] = *run.search->highest_held;
    for (const auto& [name, colour] : all_series) {
        shown["strategies"].push_back(name);
        shown["colours"].push_back(colour);
    }
    for (const Cell* cell : cells) {
        shown["strategies"].push_back(cell->strategy.text());
        shown["colours"].push_back("series-1");
    }
    for (const LoadFigure& figure : load_figures()) {
        if (!draws(run, shown, figure.name)) continue;
        shown["captions"][std::string(figure.name)] =
            fmt::format("{} {}.", words_of(run, figure), describe_load(run.scenario));
    }
    return shown;
}

}  // namespace asyncbench
