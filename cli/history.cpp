#include <fmt/format.h>
#include <fmt/ranges.h>
#include <CLI/CLI.hpp>

#include <algorithm>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "analysis/gate/rules.hpp"
#include "analysis/history/history_series.hpp"
#include "analysis/history/history_store.hpp"
#include "async/errors.hpp"
#include "cli/commands.hpp"
#include "cli/output_files.hpp"
#include "cli/read_result.hpp"
#include "cli/tell.hpp"
#include "cli/work_tree_commit.hpp"
#include "reports/history_report.hpp"
#include "reports/text/human.hpp"

namespace asyncbench {
namespace {

/// Of --last.
constexpr int most_runs = 1'000'000;

struct AddOptions {
    std::vector<std::string> files;
    std::string database;
    std::string commit;
    bool commit_is_given = false;
    std::string time;
    bool time_is_given = false;
};

struct ShowOptions {
    std::string database;
    std::vector<std::string> subjects;
    std::vector<std::string> metrics;
    std::size_t last = 0;
    std::string otava;
};

void add_database_option(CLI::App& command, std::string& database) {
    database = "asyncbench.history.db";
    command.add_option("--db", database, "SQLite file of the history")
        ->type_name("FILE")
        ->capture_default_str();
}

/// A variable that CI did not set would else pass for what was not asked for.
void require_value(const char* flag, const std::string& value) {
    if (!value.empty()) return;
    throw UsageError(
        fmt::format("{} was given without a value, as by a variable that is not set; leave it out "
                    "to take the usual one.",
                    flag));
}

void require_commit(const std::string& commit) {
    constexpr std::size_t longest = 200;
    require_value("--commit", commit);
    if (commit.size() <= longest && printable(commit) == commit) return;
    throw UsageError(fmt::format(
        "--commit names no commit: it has up to {} bytes in one line, none of them a control character.",
        longest));
}

void require_labels(const AddOptions& options) {
    if (options.commit_is_given) require_commit(options.commit);
    if (options.time_is_given) require_value("--time", options.time);
}

std::string time_of(const RunResult& run, const AddOptions& options, const std::string& file) {
    if (options.time_is_given) {
        const auto time = utc_time(options.time);
        if (!time) {
            throw UsageError(fmt::format(
                "--time: '{}' is no time; write it like 2026-11-24T01:44:20Z or 2026-11-24T02:44:20+01:00.",
                options.time));
        }
        return *time;
    }
    const auto time = utc_time(run.started_utc);
    if (!time) throw Error(fmt::format("{} does not say when it was measured; say it with --time.", file));
    return *time;
}

/// What cannot become part of a history is told on stderr.
std::vector<HistoryRun> read_runs(const AddOptions& options) {
    std::vector<HistoryRun> runs;
    const std::string commit = options.commit_is_given ? options.commit : work_tree_commit();
    for (const std::string& file : options.files) {
        const RunResult run = read_result(file);
        for (const Cell& cell : run.summary) {
            if (cell.usable()) continue;
            const Warning* why = cell.reason();
            tell(fmt::format("{}: {} at {} is left out, as it is {}{}", file, cell.strategy.text(),
                             cell.concurrency, name_of(cell.standing()),
                             why == nullptr ? "." : ": " + why->message));
        }
        runs.push_back(history_run(run, commit, time_of(run, options, file)));
    }
    return runs;
}

ExitStatus add(const AddOptions& options) {
    require_labels(options);
    const std::vector<HistoryRun> runs = read_runs(options);
    ExitStatus status = ExitStatus::done;
    for (std::size_t i = 0; i < runs.size(); ++i) {
        if (!runs[i].values.empty()) continue;
        tell(fmt::format("{} holds no usable measurement; nothing was added.", options.files[i]));
        status = ExitStatus::wrong;
    }
    if (status != ExitStatus::done) return status;
    HistoryStore store(options.database, HistoryStore::Access::write);
    const std::vector<bool> added = store.add(runs);
    for (std::size_t i = 0; i < runs.size(); ++i) {
        tell(fmt::format("{}: {} {}.", options.files[i],
                         added[i] ? "added to" : "this measurement is already in", options.database));
    }
    return ExitStatus::done;
}

std::vector<std::string> metrics_of(const ShowOptions& options) {
    const auto is_all = [](const std::string& metric) { return metric == "all"; };
    if (std::any_of(options.metrics.begin(), options.metrics.end(), is_all)) return {};
    std::vector<std::string> metrics;
    metrics.reserve(options.metrics.size());
    for (const std::string& metric : options.metrics) metrics.push_back(metric_named(metric));
    return metrics;
}

std::vector<HistorySeries> selected_series(const std::vector<HistoryRun>& runs, const ShowOptions& options) {
    auto series = history_series(runs, {options.subjects, metrics_of(options), options.last});
    if (!series.empty()) return series;
    std::set<std::string> subjects;
    for (const HistoryRun& run : runs) {
        for (const HistoryValue& value : run.values) subjects.insert(value.subject());
    }
    if (subjects.empty()) throw Error(fmt::format("The history {} holds no runs.", options.database));
    throw UsageError(
        fmt::format("The history {} has nothing of these subjects and metrics. Its subjects: {}.",
                    options.database, fmt::join(subjects, ", ")));
}

void show(const ShowOptions& options) {
    const auto runs = HistoryStore(options.database, HistoryStore::Access::read).runs();
    const auto series = selected_series(runs, options);
    OutputFiles::Documents documents;
    documents.terminal = [&](const TerminalStyle& style) {
        return history_terminal_report(runs, series, style);
    };
    OutputFiles().write(documents);
}

void export_otava(const ShowOptions& options) {
    const auto runs = HistoryStore(options.database, HistoryStore::Access::read).runs();
    const OtavaCsv csv = history_otava_csv(runs, selected_series(runs, options));
    if (csv.runs == 0) {
        throw UsageError(
            fmt::format("The newest run of {} has nothing of these subjects and metrics.", options.database));
    }
    const OutputFiles files;
    files.require_writable({options.otava}, {options.database});
    OutputFiles::Documents documents;
    documents.terminal = [](const TerminalStyle&) { return std::string(); };
    documents.others = {{options.otava, [&] { return csv.text; }}};
    files.write(documents);
    if (csv.left_out == 0) return;
    put_on_stderr(
        fmt::format("{} of {} runs are left out: they did other work than the newest, or lack a value.\n",
                    csv.left_out, csv.left_out + csv.runs));
}

void add_selection(CLI::App& command, const std::shared_ptr<ShowOptions>& options) {
    add_database_option(command, options->database);
    command.add_option("--subject", options->subjects, "`coroutine at 64`, or a strategy; default all")
        ->type_name("NAME");
    command
        .add_option("--metric", options->metrics,
                    "throughput, p50, ... or a name of `asyncbench list metrics`; or all")
        ->type_name("NAME")
        ->capture_default_str();
    command.add_option("--last", options->last, "Only the newest N runs; default all")
        ->type_name("N")
        ->check(CLI::Range(1, most_runs));
}

void add_add_command(CLI::App& history, CommandContext& context) {
    auto options = std::make_shared<AddOptions>();
    CLI::App* command = history.add_subcommand("add", "Add results, as `asyncbench run --json` wrote them");
    command->add_option("results", options->files, "JSON files")->required()->type_name("FILE");
    add_database_option(*command, options->database);
    CLI::Option* commit =
        command->add_option("--commit", options->commit,
                            "Commit that was measured; default is that of the work tree, where this is one");
    CLI::Option* time = command->add_option("--time", options->time,
                                            "When, in ISO 8601; default is when the result was measured");
    command->footer(
        "Exit status: 0 added; 1 could not be done; 4 a result has no usable measurement, and nothing was "
        "added; 64 wrong usage.");
    command->callback([options, commit, time, &context] {
        options->commit_is_given = commit->count() > 0;
        options->time_is_given = time->count() > 0;
        context.status = add(*options);
    });
}

}  // namespace

void add_history_command(CLI::App& app, CommandContext& context) {
    CLI::App* history =
        app.add_subcommand("history", "Keep results in a file, and show when a metric changed its level");
    history->require_subcommand(1);
    add_add_command(*history, context);

    auto shown = std::make_shared<ShowOptions>();
    shown->metrics = {"throughput", "p50", "cpu"};
    CLI::App* show_command = history->add_subcommand("show", "Show series of medians with their changes");
    add_selection(*show_command, shown);
    show_command->callback([shown] { show(*shown); });

    auto exported = std::make_shared<ShowOptions>();
    exported->metrics = {"all"};
    CLI::App* export_command = history->add_subcommand("export", "Write series for other programs");
    add_selection(*export_command, exported);
    export_command->add_option("--otava", exported->otava, "CSV for Apache Otava; - is stdout")
        ->type_name("FILE")
        ->required();
    export_command->callback([exported] { export_otava(*exported); });
}

}  // namespace asyncbench
