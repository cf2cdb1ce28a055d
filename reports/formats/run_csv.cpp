#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "harness/trial/metric.hpp"
#include "reports/formats/csv.hpp"
#include "reports/run_formats.hpp"
#include "reports/text/human.hpp"

namespace asyncbench {
namespace {

constexpr std::string_view cell_headings =
    "scenario,started_utc,strategy,parameters,concurrency,metric,unit,value,low,high,confidence,trials,"
    "used_trials,limited_trials,disturbed_trials,standing,reason\n";
constexpr std::string_view trial_headings =
    "scenario,started_utc,strategy,parameters,concurrency,repetition,order,metric,unit,value,standing,"
    "reason\n";

constexpr std::string_view second_headings =
    "scenario,started_utc,concurrency,repetition,offered_rps,second,sent,answered,errors,received_bytes,"
    "p50_ns,p90_ns,p99_ns,max_ns\n";

/// `loops=2:sockets=4`; the command of `exec:`.
std::string parameters_of(const StrategySpec& strategy) {
    if (strategy.name == "exec") return strategy.command.shown();
    std::vector<std::string> parameters;
    for (const auto& [name, value] : strategy.options)
        parameters.push_back(fmt::format("{}={}", name, value));
    return fmt::format("{}", fmt::join(parameters, ":"));
}

CsvLine line_of(const RunResult& run, std::string_view started, const StrategySpec& strategy,
                std::uint32_t concurrency) {
    CsvLine line;
    line.text(run.scenario.name).text(started).text(strategy.name).text(parameters_of(strategy));
    line.number(concurrency);
    return line;
}

void add_metric(CsvLine& line, std::string_view metric) {
    line.text(metric).text(metric_kind(metric).unit);
}

std::string why_nothing_is_known(const Cell& cell) {
    const Warning* why = cell.reason();
    const std::string count = fmt::format("{} of {} trials usable", cell.used_trials, cell.trials);
    return why == nullptr ? count : fmt::format("{}; {}: {}", count, why->code, why->message);
}

struct FailureRow {
    std::string metric;  ///< `status_503`, `failed_connect`
    std::uint64_t count;
    std::string reason;
};

std::vector<FailureRow> rows_of(const Endings& endings) {
    std::vector<FailureRow> rows;
    for (const auto& [status, count] : endings.statuses) {
        if (status >= 300) rows.push_back({fmt::format("status_{}", status), count, {}});
    }
    for (const FailureReason& reason : endings.reasons)
        rows.push_back({fmt::format("failed_{}", name_of(reason.error)), reason.count, reason.message});
    return rows;
}

std::vector<FailureRow> failures_of(const RunResult& run, const Cell& cell) {
    Endings endings;
    for (const Trial& trial : run.trials)
        if (is_of(trial, cell)) endings += trial.endings;
    return rows_of(endings);
}

std::string rows_of(const RunResult& run, const Cell& cell) {
    std::string rows;
    const auto add = [&](std::string_view metric, const std::optional<Estimate>& estimate,
                         std::string_view reason) {
        const bool bounded = estimate && estimate->confidence > 0;
        const auto bound = [&](double value) { return bounded ? std::optional(value) : std::nullopt; };
        const Estimate known = estimate.value_or(Estimate{});
        CsvLine line = line_of(run, run.started_utc, cell.strategy, cell.concurrency);
        add_metric(line, metric);
        line.number(estimate ? std::optional(known.value) : std::nullopt);
        line.number(bound(known.low)).number(bound(known.high)).number(bound(known.confidence));
        line.number(cell.trials)
            .number(cell.used_trials)
            .number(cell.limited_trials)
            .number(cell.disturbed_trials)
            .text(name_of(cell.standing()))
            .text(reason);
        rows += line.line();
    };
    for (const auto& [metric, estimate] : cell.metrics) add(metric, estimate, {});
    for (const auto& [metric, reason] : cell.unknown) add(metric, std::nullopt, reason);
    for (const auto& [metric, count, reason] : failures_of(run, cell))
        add(metric, Estimate{static_cast<double>(count), 0, 0, 0}, reason);
    // A cell of which nothing is known is in the data, too.
    if (rows.empty()) add("", std::nullopt, why_nothing_is_known(cell));
    return rows;
}

std::string rows_of(const RunResult& run, const Trial& trial) {
    std::string rows;
    const auto add = [&](std::string_view metric, const MetricValue& value) {
        CsvLine line = line_of(run, trial.started_utc, trial.spec.strategy, trial.spec.plan.concurrency);
        line.number(trial.repetition).number(trial.order);
        add_metric(line, metric);
        line.number(value.value).text(name_of(trial.standing())).text(value.reason);
        rows += line.line();
    };
    for (const auto& [metric, value] : trial.metrics) add(metric, value);
    for (const auto& [metric, count, reason] : rows_of(trial.endings))
        add(metric, {static_cast<double>(count), reason});
    // A trial that was lost is in the data, too.
    if (!trial.failure.empty()) add("", MetricValue::unknown(trial.failure));
    return rows;
}

/// What is unknown, as the times of a second without an answer, is empty.
std::string rows_of_seconds(const RunResult& run, const Trial& trial) {
    if (!trial.load) return {};
    const auto number = [](std::optional<std::int64_t> ns) {
        return ns ? std::optional(static_cast<double>(*ns)) : std::nullopt;
    };
    std::string rows;
    for (const LoadSecond& second : trial.load->seconds) {
        CsvLine line;
        line.text(run.scenario.name).text(trial.started_utc);
        line.number(trial.spec.plan.concurrency).number(trial.repetition);
        line.number(value_of(trial.metrics, "offered_rps"));
        line.number(second.second);
        for (const std::uint64_t count : {second.sent, second.answered, second.errors, second.received_bytes})
            line.number(static_cast<double>(count));
        for (const auto ns : {second.p50_ns, second.p90_ns, second.p99_ns, second.max_ns})
            line.number(number(ns));
        rows += line.line();
    }
    return rows;
}

std::string_view headings_of(CsvRows rows) {
    switch (rows) {
        case CsvRows::trials:
            return trial_headings;
        case CsvRows::seconds:
            return second_headings;
        case CsvRows::cells:
            break;
    }
    return cell_headings;
}

}  // namespace

std::string csv_report(std::span<const RunResult> runs, CsvRows rows) {
    std::string text(headings_of(rows));
    for (const RunResult& run : runs) {
        if (rows == CsvRows::cells) {
            for (const Cell& cell : run.summary) text += rows_of(run, cell);
            continue;
        }
        for (const Trial& trial : run.trials)
            text += rows == CsvRows::trials ? rows_of(run, trial) : rows_of_seconds(run, trial);
    }
    return text;
}

}  // namespace asyncbench
