#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "analysis/summary.hpp"
#include "async/errors.hpp"
#include "cli/commands.hpp"
#include "cli/experiment_setup.hpp"
#include "cli/interruption.hpp"
#include "cli/live/live_load.hpp"
#include "cli/live/live_option.hpp"
#include "cli/load_progress.hpp"
#include "cli/load_search.hpp"
#include "cli/output_files.hpp"
#include "cli/progress.hpp"
#include "cli/scenario_options.hpp"
#include "cli/shell_quote.hpp"
#include "cli/tell.hpp"
#include "harness/engine/reachable.hpp"
#include "harness/http/addresses.hpp"
#include "harness/http/ascii_url.hpp"
#include "harness/http/transfer.hpp"
#include "harness/measure/build_info.hpp"
#include "harness/measure/descriptors.hpp"
#include "harness/measure/utc_time.hpp"
#include "harness/trial/experiment.hpp"
#include "reports/load_report.hpp"
#include "reports/report.hpp"
#include "reports/run_formats.hpp"
#include "reports/text/human.hpp"

namespace asyncbench {
namespace {

struct LoadOptions {
    ScenarioOptions scenario;
    OutputFiles output;
    std::string markdown;  ///< a file, or `-` for stdout; empty: none
    std::string csv;
    std::string benchfmt;
    LiveOption live;
    bool quiet = false;
};

void require_descriptors_for(std::uint32_t connections) {
    constexpr std::uint64_t for_itself = 64;
    const std::uint64_t limit = raise_descriptor_limit();
    if (connections + for_itself <= limit) return;
    throw Error(
        fmt::format("{} connections need {} descriptors, and this system allows {}. Lower -c, or raise the "
                    "limit: `ulimit -Hn {}` as root.",
                    connections, connections + for_itself, limit, connections + for_itself));
}

/// Where the load goes, looked up once; empty where the URL has an address itself, and for a Unix socket.
std::vector<std::string> addresses_of(const Scenario& scenario, const std::atomic<bool>& stop) {
    const auto origin = origin_of(ascii_url(scenario.target.reveal()));
    if (!origin) throw UsageError(fmt::format("'{}' is no URL of a server.", scenario.target.shown()));
    if (!scenario.load->unix_socket.empty()) return {};
    // Those of --resolve were meant as they are, whether they accept or not.
    std::vector<std::string> known = addresses_by_rule(scenario.resolve, scenario.target.reveal());
    if (!known.empty()) return known;
    if (is_address(origin->host)) return {};
    const TimePoint deadline = steady_now() + scenario.timeout;
    std::vector<std::string> found;
    try {
        found = look_up(origin->host, deadline, &stop);
    } catch (const UsageError&) {
        throw;
    } catch (const Error& error) {
        throw Error(fmt::format("{}. Check the host of the URL.", error.what()));
    }
    return found.size() == 1 ? found : reachable(found, origin->port, deadline, stop);
}

PlannedTrial trial_of(const Scenario& scenario, std::uint32_t repetition) {
    PlannedTrial planned{.spec = TrialSpec(scenario), .repetition = repetition};
    planned.spec.trial = "load";
    planned.spec.strategy = scenario.strategies.front();
    planned.spec.plan.concurrency = scenario.concurrency.front();
    return planned;
}

bool keeps_thresholds(const Scenario& scenario, const Trial& trial) {
    return std::all_of(scenario.thresholds.begin(), scenario.thresholds.end(),
                       [&](const Threshold& threshold) { return threshold.holds(trial); });
}

ExitStatus status_of(const RunResult& run) {
    const Trial& trial = run.trials.front();
    if (run.interrupted) return ExitStatus::interrupted;
    if (!trial.failure.empty()) return ExitStatus::failed;
    if (!trial.usable()) return ExitStatus::wrong;
    if (run.search) return run.search->highest_held ? ExitStatus::done : ExitStatus::regression;
    return keeps_thresholds(run.scenario, trial) ? ExitStatus::done : ExitStatus::regression;
}

ExitStatus load(LoadOptions& options, const CommandContext& context) {
    RunResult run;
    run.scenario = options.scenario.load_scenario();
    options.output.require_writable({options.markdown, options.csv, options.benchfmt});
    require_secrets(run.scenario);
    require_descriptors_for(run.scenario.concurrency.front());
    initialize_curl();
    const std::atomic<bool>& stop = watch_for_interruption();
    run.scenario.load->addresses = addresses_of(run.scenario, stop);

    run.environment = read_environment();
    run.started_utc = utc_now();
    const auto live = options.live.start<LiveLoad>(run, options.output);
    RunnerOptions runner = runner_options(run.scenario, {"trial"});
    TargetLink server(TargetLink::Unasked{run.scenario.target, run.scenario.load->addresses});
    const auto measure = [&](const Scenario& scenario, std::uint32_t repetition) {
        LoadProgress progress(scenario, options.quiet);
        const PlannedTrial planned = trial_of(scenario, repetition);
        runner.on_second = [&](const LoadSoFar& so_far) {
            progress.tell_of(so_far);
            if (live) live->second_ended(planned.spec, so_far);
        };
        return TrialRunner(runner, server).run(planned, repetition);
    };
    if (run.scenario.goals.empty()) {
        run.trials.push_back(measure(run.scenario, 0));
    } else {
        search_rate(run, options.scenario.says("rate"), measure, stop, [&](const RateStep& step) {
            if (!options.quiet) tell(text_of(step));
            if (live) live->step_ended(run);
        });
    }
    if (const auto warning = live ? live->page().warning() : std::nullopt) run.warnings.push_back(*warning);
    run.interrupted = stop;
    run.started_utc = run.trials.front().started_utc;
    run.summary = summarize(run.scenario, run.trials);
    run.tool_version = build_info().version;
    run.command = quoted_command(context.arguments);
    if (!run.trials.front().failure.empty() && !run.interrupted) throw Error(run.trials.front().failure);
    options.output.write(
        {.terminal = [&](const TerminalStyle& style) { return load_terminal_report(run, style); },
         .json = [&] { return json_report(run); },
         .html = [&] { return html_report(run, {.title = {}, .code = {}, .code_version = {}}); },
         .others = {{options.markdown, [&] { return markdown_report(run); }},
                    {options.csv, [&] { return csv_report({&run, 1}, CsvRows::seconds); }},
                    {options.benchfmt, [&] { return benchfmt_report(run); }}}});
    if (live) live->page().end(run);
    return status_of(run);
}

}  // namespace

void add_load_command(CLI::App& app, CommandContext& context) {
    auto options = std::make_shared<LoadOptions>();
    CLI::App* command =
        app.add_subcommand("load", "Put load on an HTTP server: its rate, latencies and errors");
    options->scenario.add_to_load(*command);
    const auto add_file = [command](const char* flag, std::string& path, const char* what) {
        command->add_option(flag, path, what)->type_name("FILE");
    };
    command->add_option("-o,--out", options->output.directory, "Directory for result.json and report.html")
        ->type_name("DIR");
    add_file("--json", options->output.json, "JSON result; - is stdout, then without the report");
    add_file("--html", options->output.html, "HTML report");
    add_file("--markdown", options->markdown, "Markdown, for a job's summary or a comment");
    add_file("--csv", options->csv, "CSV with a row for each second");
    add_file("--benchfmt", options->benchfmt, "Go's benchmark format, for benchstat");
    options->live.add_to(*command, "load");
    command->add_flag("--quiet", options->quiet, "No progress");
    command->footer(
        "-c connections send their next request when the last one is answered (a closed loop). With -q or "
        "--stages "
        "requests start by a schedule, answered or not (an open loop): the latency at a rate.\n"
        "Exit status: 0 measured; 1 it could not be done; 2 a threshold is broken, or --find found no rate; "
        "4 nothing was answered; "
        "64 wrong "
        "usage; 130 interrupted, what was measured is reported.");
    command->callback([options, &context] { context.status = load(*options, context); });
}

}  // namespace asyncbench
