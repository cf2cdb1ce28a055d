#include "analysis/history/history_series.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string_view>
#include <tuple>

#include "harness/trial/metric.hpp"

namespace asyncbench {
namespace {

bool is_chosen(const std::vector<std::string>& choice, std::string_view name) {
    return choice.empty() || std::find(choice.begin(), choice.end(), name) != choice.end();
}

/// Metrics that the catalogue does not know come last.
std::size_t place_in_catalogue(std::string_view metric) {
    const auto catalogue = metric_catalogue();
    const auto found = std::find_if(catalogue.begin(), catalogue.end(),
                                    [&](const MetricInfo& info) { return info.name == metric; });
    return static_cast<std::size_t>(found - catalogue.begin());
}

std::vector<ChangePoint> changes_in(const std::vector<HistoryPoint>& points) {
    std::vector<double> values;
    values.reserve(points.size());
    for (const HistoryPoint& point : points) values.push_back(point.estimate.value);
    return change_points(values, {.significance = history_significance});
}

}  // namespace

std::vector<HistorySeries> history_series(std::span<const HistoryRun> runs,
                                          const HistorySelection& selection) {
    std::map<std::string_view, std::size_t> newest_run;  // of each work
    for (std::size_t i = 0; i < runs.size(); ++i) newest_run[runs[i].work] = i;
    std::map<std::tuple<std::size_t, std::string, std::uint32_t, std::size_t, std::string>, HistorySeries>
        by_key;
    for (std::size_t i = 0; i < runs.size(); ++i) {
        for (const HistoryValue& value : runs[i].values) {
            if (!is_chosen(selection.metrics, value.metric)) continue;
            const std::string subject = value.subject();
            if (!is_chosen(selection.subjects, subject) && !is_chosen(selection.subjects, value.strategy)) {
                continue;
            }
            HistorySeries& series = by_key[{newest_run[runs[i].work], value.strategy, value.concurrency,
                                            place_in_catalogue(value.metric), value.metric}];
            if (series.points.empty()) series = {runs[i].work, subject, value.strategy, value.metric, {}, {}};
            series.points.push_back({i, value.estimate});
        }
    }
    std::vector<HistorySeries> all;
    for (auto& [key, series] : by_key) {
        const std::size_t size = series.points.size();
        if (selection.last > 0 && size > selection.last) {
            series.points.erase(series.points.begin(),
                                series.points.end() - static_cast<std::ptrdiff_t>(selection.last));
        }
        series.changes = changes_in(series.points);
        all.push_back(std::move(series));
    }
    return all;
}

std::vector<std::string> environment_changes(const Environment& before, const Environment& after) {
    constexpr std::string_view never_the_same[] = {"load_average_1m", "cpu_mhz"};
    std::vector<std::string> changes;
    for (const EnvironmentFact& fact : after.facts) {
        if (std::find(std::begin(never_the_same), std::end(never_the_same), fact.name) !=
            std::end(never_the_same)) {
            continue;
        }
        const EnvironmentFact* then = before.find(fact.name);
        if (then == nullptr || !then->value || !fact.value || *then->value == *fact.value) continue;
        changes.push_back(fmt::format("{}: {} became {}", fact.name, *then->value, *fact.value));
    }
    return changes;
}

}  // namespace asyncbench
