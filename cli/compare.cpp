#include <fmt/format.h>
#include <fmt/ranges.h>
#include <CLI/CLI.hpp>

#include <algorithm>
#include <array>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "analysis/compare/comparison.hpp"
#include "analysis/gate/rules.hpp"
#include "async/errors.hpp"
#include "cli/commands.hpp"
#include "cli/output_files.hpp"
#include "cli/read_result.hpp"
#include "cli/shell_quote.hpp"
#include "harness/measure/build_info.hpp"
#include "harness/trial/metric.hpp"
#include "reports/compare_report.hpp"

namespace asyncbench {
namespace {

struct CompareOptions {
    std::vector<std::string> files;
    std::string by = "file";
    std::string base;
    std::vector<std::string> metrics;
    std::string format = "text";
};

/// Shown where nobody chose, of other programs' files.
constexpr std::array<std::string_view, 4> usual_of_others{"real_time_ns", "cpu_time_ns", "items_per_second",
                                                          "bytes_per_second"};

/// A metric of other programs' files has no short name.
std::string long_name(const std::string& name, const std::vector<ComparedMetric>& rows) {
    std::set<std::string> metrics;
    for (const ComparedMetric& row : rows) metrics.insert(row.metric);
    if (metrics.contains(name)) return name;
    try {
        return metric_named(name);
    } catch (const UsageError&) {
        throw UsageError(fmt::format("There is no metric '{}' of which both have values. There are: {}.",
                                     name, fmt::join(metrics, ", ")));
    }
}

void keep_metrics(ResultsComparison& comparison, const std::vector<std::string>& chosen) {
    const auto usual = metrics_shown(ShownByDefault::in_compare);
    std::vector<std::string> kept(usual.begin(), usual.end());
    kept.insert(kept.end(), usual_of_others.begin(), usual_of_others.end());
    if (!chosen.empty()) {
        kept.clear();
        for (const std::string& name : chosen) kept.push_back(long_name(name, comparison.rows));
    }
    std::erase_if(comparison.rows, [&](const ComparedMetric& row) {
        return std::find(kept.begin(), kept.end(), row.metric) == kept.end();
    });
}

std::vector<ResultsComparison> compare_files(const CompareOptions& options) {
    if (!options.base.empty())
        throw UsageError("--base names a strategy; it goes with --by strategy. The first file is the base.");
    if (options.files.size() < 2)
        throw UsageError(
            "compare needs two files or more: the base first. With --by strategy one is enough.");
    std::vector<ResultsComparison> comparisons;
    const MeasuredValues base = read_measured_values(options.files.front());
    for (std::size_t i = 1; i < options.files.size(); ++i)
        comparisons.push_back(compare_results(base, read_measured_values(options.files[i])));
    return comparisons;
}

std::vector<std::string> strategies_of(const MeasuredValues& run) {
    std::vector<std::string> strategies;
    for (const MeasuredCell& cell : run.cells) {
        const std::string strategy = cell.strategy.text();
        const bool known = std::find(strategies.begin(), strategies.end(), strategy) != strategies.end();
        if (!known && cell.is_of_trials()) strategies.push_back(strategy);
    }
    return strategies;
}

std::vector<ResultsComparison> compare_by_strategy(const CompareOptions& options) {
    if (options.files.size() != 1) throw UsageError("compare --by strategy reads one file.");
    const MeasuredValues run = read_measured_values(options.files.front());
    const std::vector<std::string> strategies = strategies_of(run);
    if (strategies.size() < 2) {
        throw Error(fmt::format("{} holds fewer than two strategies, so that there is nothing to compare.",
                                options.files.front()));
    }
    const std::string base = options.base.empty() ? strategies.front() : without_secrets(options.base);
    if (std::find(strategies.begin(), strategies.end(), base) == strategies.end()) {
        throw UsageError(fmt::format("{} holds no strategy '{}'. There are: {}.", options.files.front(), base,
                                     fmt::join(strategies, ", ")));
    }
    std::vector<ResultsComparison> comparisons;
    for (const std::string& head : strategies) {
        if (head != base) comparisons.push_back(compare_strategies(run, base, head));
    }
    return comparisons;
}

void print_report(const CompareResult& result, const std::string& format) {
    OutputFiles output;
    std::vector<OutputFiles::Other> others;
    if (format == "json") output.json = "-";
    if (format == "markdown") others = {{"-", [&] { return compare_markdown_report(result); }}};
    if (format == "csv") others = {{"-", [&] { return compare_csv_report(result); }}};
    output.write({[&](const TerminalStyle& style) { return compare_terminal_report(result, style); },
                  [&] { return compare_json_report(result); },
                  {},
                  others});
}

void compare(const CompareOptions& options, const CommandContext& context) {
    CompareResult result;
    result.tool_version = build_info().version;
    result.command = quoted_command(context.arguments);
    result.comparisons = options.by == "strategy" ? compare_by_strategy(options) : compare_files(options);
    for (ResultsComparison& comparison : result.comparisons) keep_metrics(comparison, options.metrics);
    print_report(result, options.format);
}

}  // namespace

void add_compare_command(CLI::App& app, CommandContext& context) {
    auto options = std::make_shared<CompareOptions>();
    CLI::App* command = app.add_subcommand(
        "compare", "Show what changed between results, cell by cell, or between strategies of one");
    command->add_option("files", options->files, "Results of `run`, or JSON of Google Benchmark; base first")
        ->required()
        ->type_name("FILE");
    command->add_option("--by", options->by, "Compare files, or the strategies of one file")
        ->check(CLI::IsMember({"file", "strategy"}))
        ->capture_default_str();
    command->add_option("--base", options->base, "With --by strategy: what the others are compared with")
        ->type_name("NAME");
    command->add_option("--metric", options->metrics, "Metrics to show; `asyncbench list metrics`")
        ->delimiter(',')
        ->allow_extra_args(false)
        ->type_name("LIST");
    command->add_option("--format", options->format, "How it is told on stdout")
        ->check(CLI::IsMember({"text", "markdown", "json", "csv"}))
        ->capture_default_str();
    command->footer(
        "Two results are two moments of a machine, and what it did meanwhile counts as a change;\n"
        "`asyncbench gate --base CMD --head CMD` measures in turns. Strategies of one result were\n"
        "measured in blocks, and are compared block by block; what the run answered stays as it is.\n"
        "\n"
        "Exit status: 0 done, whatever changed; 1 could not be done; 64 wrong usage.");
    command->callback([options, &context] { compare(*options, context); });
}

}  // namespace asyncbench
