#include "analysis/compare/measured_values.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <nlohmann/json.hpp>
#include <utility>

#include "harness/trial/scenario_json.hpp"

namespace asyncbench {
namespace {

/// Fields of a scenario that do not change what a request or a trial does.
constexpr std::array<std::string_view, 11> not_of_the_work{
    "name",    "question", "strategies", "concurrency",     "repetitions",  "budget",
    "timeout", "pin",      "diagnose",   "stall_threshold", "one_in_flight"};

constexpr std::string_view separator = ", ";

/// Of a text of work_of(). A value that holds the separator itself is cut in pieces, which is no harm: what
/// differs is shown in pieces, too.
std::vector<std::string_view> split(std::string_view work) {
    std::vector<std::string_view> fields;
    for (std::size_t begin = 0; begin <= work.size();) {
        const std::size_t end = std::min(work.find(separator, begin), work.size());
        fields.push_back(work.substr(begin, end - begin));
        begin = end + separator.size();
    }
    return fields;
}

MetricValues values_of(const RunResult& run, const Cell& cell, const MetricInfo& info) {
    MetricValues values{std::string(info.name), std::string(info.unit), info.better, {}, {}, {}};
    for (const TrialResult& trial : run.trials) {
        if (!is_of(trial, cell) || !trial.usable()) continue;
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

MeasuredTrial told_by(const TrialResult& trial) {
    MeasuredTrial told{trial.repetition, trial.failure, trial.warnings, 0, 0};
    if (!trial.failure.empty()) return told;
    told.requests = static_cast<std::uint64_t>(value_of(trial.metrics, "requests").value_or(0));
    told.unforeseen_errors = trial.errors.unforeseen;
    return told;
}

MeasuredSubject subject_of(const RunResult& run, const Cell& cell) {
    MeasuredSubject subject;
    subject.strategy = cell.strategy.text();
    subject.concurrency = cell.concurrency;
    subject.name = fmt::format("{} at {}", subject.strategy, subject.concurrency);
    if (run.scenario.plan.kind == PlanKind::batch) subject.requests = run.scenario.plan.requests;
    for (const TrialResult& trial : run.trials) {
        if (!is_of(trial, cell)) continue;
        subject.trials.push_back(told_by(trial));
        if (trial.usable()) ++subject.repetitions;
    }
    subject.warnings = cell.warnings;
    subject.usable = cell.usable();
    subject.limited = cell.limited();
    for (const MetricInfo& info : metric_catalogue()) {
        MetricValues values = values_of(run, cell, info);
        if (!values.values.empty() || !values.unknown.empty()) subject.metrics.push_back(std::move(values));
    }
    return subject;
}

}  // namespace

bool is_of_trials(const MeasuredValues& measured) {
    return std::any_of(measured.subjects.begin(), measured.subjects.end(),
                       [](const MeasuredSubject& subject) { return !subject.strategy.empty(); });
}

std::string work_of(const Scenario& scenario) {
    std::string text;
    const Json fields = json_of(scenario);
    for (const auto& item : fields.items()) {
        if (std::find(not_of_the_work.begin(), not_of_the_work.end(), item.key()) != not_of_the_work.end())
            continue;
        const Json& value = item.value();
        const std::string shown = value.is_string() ? value.get<std::string>() : to_text(value);
        if (!shown.empty())
            text += fmt::format("{}{} {}", text.empty() ? "" : separator, std::string(item.key()), shown);
    }
    return text;
}

std::string difference_of_work(std::string_view base, std::string_view head) {
    const auto lacking = [](std::string_view from, std::string_view other) {
        const auto fields = split(from);
        const auto known = split(other);
        std::vector<std::string_view> only;
        std::copy_if(fields.begin(), fields.end(), std::back_inserter(only), [&](std::string_view field) {
            return std::find(known.begin(), known.end(), field) == known.end();
        });
        return only.empty() ? std::string("no such thing") : fmt::format("{}", fmt::join(only, separator));
    };
    return fmt::format("{}; and {}", lacking(base, head), lacking(head, base));
}

MeasuredValues measured_values(const RunResult& run, std::string source) {
    MeasuredValues measured;
    measured.source = std::move(source);
    measured.work = work_of(run.scenario);
    measured.environment = run.environment;
    measured.warnings = run.warnings;
    measured.ranking = run.ranking;
    if (run.interrupted) {
        measured.warnings.push_back(
            {"interrupted", fmt::format("Measuring {} was interrupted: it holds a part.", measured.source),
             WarningKind::note});
    }
    for (const Cell& cell : run.summary) measured.subjects.push_back(subject_of(run, cell));
    return measured;
}

}  // namespace asyncbench
