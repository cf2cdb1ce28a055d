#include "harness/compare/measured_values.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <nlohmann/json.hpp>
#include <utility>

#include "harness/trial/scenario_json.hpp"

namespace asyncbench {
namespace {

/// Fields of a scenario that do not change what a request or a trial does.
constexpr std::array<std::string_view, 9> not_of_the_work{"name",        "question",    "strategies",
                                                          "concurrency", "repetitions", "timeout",
                                                          "pin",         "diagnose",    "stall_threshold"};

MetricValues values_of(const RunResult& run, const Cell& cell, const MetricInfo& info) {
    MetricValues values{std::string(info.name), std::string(info.unit), info.better, {}, {}, {}};
    for (const TrialResult& trial : run.trials) {
        if (!is_of(trial, cell) || !trial.valid()) continue;
        const auto found = trial.metrics.find(info.name);
        if (found == trial.metrics.end()) continue;
        if (found->second.value && std::isfinite(*found->second.value)) {
            values.values.push_back(*found->second.value);
            values.repetitions.push_back(trial.repetition);
        } else {
            values.unknown = found->second.reason;
        }
    }
    if (!values.values.empty()) values.unknown.clear();
    return values;
}

MeasuredSubject subject_of(const RunResult& run, const Cell& cell) {
    MeasuredSubject subject;
    subject.strategy = cell.strategy.text();
    subject.concurrency = cell.concurrency;
    subject.name = fmt::format("{} at {}", subject.strategy, subject.concurrency);
    subject.warnings = cell.warnings;
    subject.valid = cell.valid();
    for (const MetricInfo& info : metric_catalogue()) {
        MetricValues values = values_of(run, cell, info);
        if (!values.values.empty() || !values.unknown.empty()) subject.metrics.push_back(std::move(values));
    }
    return subject;
}

}  // namespace

std::string work_of(const Scenario& scenario) {
    std::string text;
    const Json fields = json_of(scenario);
    for (const auto& item : fields.items()) {
        if (std::find(not_of_the_work.begin(), not_of_the_work.end(), item.key()) != not_of_the_work.end())
            continue;
        const Json& value = item.value();
        const std::string shown = value.is_string() ? value.get<std::string>() : to_text(value);
        if (!shown.empty())
            text += fmt::format("{}{} {}", text.empty() ? "" : ", ", std::string(item.key()), shown);
    }
    return text;
}

MeasuredValues measured_values(const RunResult& run, std::string source) {
    MeasuredValues measured;
    measured.source = std::move(source);
    measured.work = work_of(run.scenario);
    measured.environment = run.environment;
    measured.warnings = run.warnings;
    for (const Cell& cell : run.summary) measured.subjects.push_back(subject_of(run, cell));
    return measured;
}

}  // namespace asyncbench
