#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "reports/html/chart_rows.hpp"
#include "reports/html/standing.hpp"
#include "reports/text/human.hpp"
#include "reports/text/ranking.hpp"

namespace asyncbench {
namespace {

const TrialResult* first_usable_trial(const RunResult& run, const Cell& cell) {
    const auto found = std::find_if(run.trials.begin(), run.trials.end(), [&](const TrialResult& trial) {
        return is_of(trial, cell) && trial.usable() && !trial.timeline.empty();
    });
    return found == run.trials.end() ? nullptr : &*found;
}

double milliseconds(Nanoseconds time) {
    return rounded(static_cast<double>(time.count()) / 1e6);
}

const Cell* cell_of(const RunResult& run, const TrialResult& trial) {
    const auto found = std::find_if(run.summary.begin(), run.summary.end(),
                                    [&](const Cell& cell) { return is_of(trial, cell); });
    return found == run.summary.end() ? nullptr : &*found;
}

}  // namespace

Json timeline_rows(const RunResult& run) {
    Json rows = Json::array();
    for (const Cell& cell : run.summary) {
        const TrialResult* trial = is_usable(run, cell) ? first_usable_trial(run, cell) : nullptr;
        if (trial == nullptr) continue;
        const std::size_t shown = std::min(trial->timeline.size(), timeline_requests);
        for (std::size_t i = 0; i < shown; ++i) {
            const TimelineEntry& entry = trial->timeline[i];
            Json row = row_of(cell.strategy, cell.concurrency);
            row["place"] = i;
            row["id"] = entry.id;
            row["intended"] = milliseconds(entry.intended);
            row["sent"] = milliseconds(entry.sent);
            row["done"] = milliseconds(entry.done);
            rows.push_back(std::move(row));
        }
    }
    return rows;
}

Json drift_rows(const RunResult& run) {
    const std::string_view metric = ranking_metric(run);
    Json rows = Json::array();
    for (const TrialResult& trial : run.trials) {
        const auto value = value_of(trial.metrics, metric);
        const Cell* cell = cell_of(run, trial);
        const std::string_view standing = chart_standing(run, trial);
        if (!value || cell == nullptr || !is_usable(run, *cell) || !cell->metrics.contains(metric) ||
            standing == "wrong")
            continue;
        const double median = cell->metrics.find(metric)->second.value;
        const double share = *value / median;
        if (!std::isfinite(share)) continue;
        Json row = row_of(trial.spec.strategy, trial.spec.plan.concurrency);
        row["order"] = trial.order + 1;
        row["block"] = trial.repetition + 1;
        row["percent"] = rounded((share - 1) * 100);
        row["text"] = human_metric(metric, *value);
        row["median"] = human_metric(metric, median);
        row["standing"] = standing;
        row["bound"] = chart_bound(standing, metric);
        rows.push_back(std::move(row));
    }
    return rows;
}

}  // namespace asyncbench
