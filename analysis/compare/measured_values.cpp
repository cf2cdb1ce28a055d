#include "analysis/compare/measured_values.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <iterator>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "harness/trial/scenario_json.hpp"

namespace asyncbench {
namespace {

/// Fields of a scenario that do not change what a request or a trial does.
constexpr std::array<std::string_view, 11> not_of_the_work{
    "name",    "question", "strategies", "concurrency",     "repetitions",  "budget",
    "timeout", "pin",      "diagnose",   "stall_threshold", "one_in_flight"};

/// Whether a load did the same whatever stands in the field: thresholds judge it, and the rate is what a
/// search answers.
bool is_of_no_load(const Scenario& scenario, std::string_view field) {
    if (!scenario.load) return false;
    return field == "thresholds" || (field == "rate" && !scenario.goals.empty());
}

/// What the server of a load is asked for: two servers that are compared have two addresses.
std::string path_of(std::string_view url) {
    const auto host = url.find("://");
    const auto path = host == std::string_view::npos ? host : url.find_first_of("/?", host + 3);
    return path == std::string_view::npos ? "/" : std::string(url.substr(path));
}

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

MeasuredCell measured_cell(const RunResult& run, const Cell& cell) {
    MeasuredCell measured{cell, fmt::format("{} at {}", cell.strategy.text(), cell.concurrency), 0, {}};
    if (run.scenario.plan.kind == PlanKind::batch) measured.requests = run.scenario.plan.requests;
    for (const Trial& trial : run.trials) {
        if (is_of(trial, cell)) measured.measured.push_back(without_histograms(trial));
    }
    return measured;
}

}  // namespace

std::vector<std::string> metrics_of(const MeasuredCell& cell) {
    std::set<std::string, std::less<>> names;
    for (const Trial& trial : cell.measured) {
        if (!trial.usable()) continue;
        for (const auto& metric : trial.metrics) names.insert(metric.first);
    }
    std::vector<std::string> ordered;
    const auto take = [&](std::string_view name) {
        const auto found = names.find(name);
        if (found != names.end()) ordered.push_back(std::move(names.extract(found).value()));
    };
    for (const MetricInfo& info : metric_catalogue()) take(info.name);
    if (cell.is_of_trials()) return ordered;
    for (const std::string_view time : {"real_time_ns", "cpu_time_ns"}) take(time);
    ordered.insert(ordered.end(), names.begin(), names.end());
    return ordered;
}

CellValues values_of(const MeasuredCell& cell, std::string_view metric) {
    CellValues found;
    for (const Trial& trial : cell.measured) {
        const auto value = value_of(trial.metrics, metric);
        if (!trial.usable() || !value || !std::isfinite(*value)) continue;
        found.values.push_back(*value);
        found.repetitions.push_back(trial.repetition);
    }
    return found;
}

CellsByName::CellsByName(const MeasuredValues& measured) {
    for (const MeasuredCell& cell : measured.cells) cells_.emplace(cell.name, &cell);
}

const MeasuredCell* CellsByName::find(std::string_view name) const {
    const auto found = cells_.find(name);
    return found == cells_.end() ? nullptr : found->second;
}

bool is_of_trials(const MeasuredValues& measured) {
    return std::any_of(measured.cells.begin(), measured.cells.end(),
                       [](const MeasuredCell& cell) { return cell.is_of_trials(); });
}

std::string work_of(const Scenario& scenario) {
    std::string text;
    const Json fields = json_of(scenario);
    for (const auto& item : fields.items()) {
        if (std::find(not_of_the_work.begin(), not_of_the_work.end(), item.key()) != not_of_the_work.end())
            continue;
        if (is_of_no_load(scenario, item.key())) continue;
        const Json& value = item.value();
        std::string shown = value.is_string() ? value.get<std::string>() : to_text(value);
        if (scenario.load && item.key() == "target") shown = path_of(shown);
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
    if (run.search) {
        measured.warnings.push_back(
            {"searched-rate",
             run.search->highest_held
                 ? fmt::format(
                       "{} was measured at {:g} requests a second, the highest rate that it found to "
                       "hold: its throughput is the answer, and its latencies are those at that rate.",
                       measured.source, *run.search->highest_held)
                 : fmt::format("{} found no rate that holds.", measured.source),
             WarningKind::note});
    }
    for (const Cell& cell : run.summary) measured.cells.push_back(measured_cell(run, cell));
    return measured;
}

}  // namespace asyncbench
