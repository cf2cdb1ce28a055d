#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "harness/trial/metric.hpp"
#include "reports/formats/csv.hpp"
#include "reports/run_formats.hpp"
#include "reports/text/cell_text.hpp"
#include "reports/text/human.hpp"

namespace asyncbench {
namespace {

constexpr std::string_view cell_headings =
    "scenario,started_utc,strategy,parameters,concurrency,metric,unit,value,low,high,confidence,trials,"
    "used_trials,limited_trials,disturbed_trials,standing,reason\n";
constexpr std::string_view trial_headings =
    "scenario,started_utc,strategy,parameters,concurrency,repetition,order,metric,unit,value,standing,"
    "reason\n";

/// `loops=2:sockets=4`; the command of `exec:`.
std::string parameters_of(const StrategySpec& strategy) {
    if (strategy.name == "exec") return strategy.command;
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
    const auto why = std::find_if(cell.warnings.begin(), cell.warnings.end(), [](const Warning& warning) {
        return warning.kind == WarningKind::wrong || warning.code == unavailable_code;
    });
    const std::string count = fmt::format("{} of {} trials usable", cell.used_trials, cell.trials);
    return why == cell.warnings.end() ? count : fmt::format("{}; {}: {}", count, why->code, why->message);
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
            .text(cell.unavailable() ? "unavailable"
                  : !cell.usable()   ? "wrong"
                  : cell.limited()   ? "limited"
                                     : "ok")
            .text(reason);
        rows += line.line();
    };
    for (const auto& [metric, estimate] : cell.metrics) add(metric, estimate, {});
    for (const auto& [metric, reason] : cell.unknown) add(metric, std::nullopt, reason);
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
        line.number(value.value).text(standing_of(trial)).text(value.reason);
        rows += line.line();
    };
    for (const auto& [metric, value] : trial.metrics) add(metric, value);
    // A trial that was lost is in the data, too.
    if (!trial.failure.empty()) add("", MetricValue::unknown(trial.failure));
    return rows;
}

}  // namespace

std::string csv_report(std::span<const RunResult> runs, CsvRows rows) {
    std::string text(rows == CsvRows::cells ? cell_headings : trial_headings);
    for (const RunResult& run : runs) {
        if (rows == CsvRows::cells) {
            for (const Cell& cell : run.summary) text += rows_of(run, cell);
        } else {
            for (const Trial& trial : run.trials) text += rows_of(run, trial);
        }
    }
    return text;
}

}  // namespace asyncbench
