#include "benches/pitfalls/pitfalls.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <CLI/CLI.hpp>

#include <algorithm>
#include <memory>
#include <vector>

#include "analysis/summary.hpp"
#include "async/errors.hpp"
#include "cli/before_run.hpp"
#include "cli/commands.hpp"
#include "cli/experiment_setup.hpp"
#include "cli/interruption.hpp"
#include "cli/output_files.hpp"
#include "cli/progress.hpp"
#include "cli/run_scenario.hpp"
#include "cli/shell_quote.hpp"
#include "cli/tell.hpp"
#include "cli/time_left.hpp"
#include "harness/http/transfer.hpp"
#include "harness/measure/build_info.hpp"
#include "harness/measure/descriptors.hpp"
#include "harness/work/suggestion.hpp"
#include "reports/pitfalls_report.hpp"

namespace asyncbench {
namespace {

struct PitfallsOptions {
    std::vector<std::string> names;
    std::uint32_t repetitions = 6;  // which an interval of 95 % needs
    OutputFiles output;
    bool quiet = false;
};

std::vector<std::string> known_names(const std::vector<Pitfall>& pitfalls) {
    std::vector<std::string> names;
    for (const Pitfall& pitfall : pitfalls) names.push_back(pitfall.name);
    return names;
}

/// Those named, in the order of the list; all where none is.
std::vector<Pitfall> chosen(const PitfallsOptions& options) {
    std::vector<Pitfall> pitfalls = builtin_pitfalls();
    for (const std::string& name : options.names) {
        const bool known = std::any_of(pitfalls.begin(), pitfalls.end(),
                                       [&](const Pitfall& pitfall) { return pitfall.name == name; });
        if (!known) {
            const auto names = known_names(pitfalls);
            throw UsageError(fmt::format("There is no pitfall '{}'.{} There are: {}.", name,
                                         did_you_mean(name, names), fmt::join(names, ", ")));
        }
    }
    if (!options.names.empty()) {
        std::erase_if(pitfalls, [&](const Pitfall& pitfall) {
            return std::find(options.names.begin(), options.names.end(), pitfall.name) == options.names.end();
        });
    }
    for (Pitfall& pitfall : pitfalls) pitfall.scenario.repetitions = options.repetitions;
    return pitfalls;
}

/// Of each way against the wrong one: what the tables show, and what single pitfalls harm.
constexpr std::string_view compared_metrics[] = {
    "throughput_rps",         "response_p50_ns",    "response_p99_ns", "neighbour_delay_p99_ns",
    "neighbour_delay_max_ns", "target_connections", "peak_rss_bytes",  "cpu_us_per_request"};

/// Each way once more, with every detector on.
Scenario diagnosed_scenario(const Pitfall& pitfall) {
    Scenario diagnosed = pitfall.scenario;
    diagnosed.diagnose = true;
    diagnosed.stall_threshold =
        std::chrono::milliseconds{5};  // what neighbours that want one turn each 5 ms feel
    diagnosed.repetitions = 1;
    diagnosed.warmup = Nanoseconds{0};
    return diagnosed;
}

PitfallResult measure(const Pitfall& pitfall, const std::string& command, RunObserver& observer) {
    const auto target = make_target(pitfall.scenario);
    RunnerOptions runner = runner_options(pitfall.scenario, {"trial", "--pitfalls"});
    runner.limits.loop_utilization = 2;  // a loop that is full is what some of them show
    const auto run = [&](const Scenario& scenario) {
        RunResult result = run_scenario(scenario, *target, runner, observer);
        result.tool_version = build_info().version;
        result.command = command;
        result.comparisons = compare_with_first(result.summary, result.trials, compared_metrics);
        return result;
    };
    PitfallResult measured{pitfall, run(pitfall.scenario), std::nullopt};
    if (measured.run.interrupted) return measured;
    measured.diagnosed = run(diagnosed_scenario(pitfall));
    return measured;
}

ExitStatus status_of(const PitfallsResult& result) {
    if (result.interrupted) return ExitStatus::interrupted;
    for (const PitfallResult& each : result.pitfalls) {
        const bool measured = std::any_of(each.run.trials.begin(), each.run.trials.end(),
                                          [](const Trial& trial) { return trial.failure.empty(); });
        if (!measured) return ExitStatus::failed;
    }
    return result.usable() ? ExitStatus::done : ExitStatus::wrong;
}

void announce_pitfalls(const std::vector<Pitfall>& pitfalls) {
    Nanoseconds time{0};
    for (const Pitfall& pitfall : pitfalls) {
        time += expected_time(pitfall.scenario).least;
        time += expected_time(diagnosed_scenario(pitfall)).least;
    }
    tell(fmt::format("Measuring {} pitfall{}: about {}.", pitfalls.size(), pitfalls.size() == 1 ? "" : "s",
                     in_words(time)));
    announce_machine();
}

ExitStatus run(const PitfallsOptions& options, const CommandContext& context) {
    const std::vector<Pitfall> pitfalls = chosen(options);
    options.output.require_writable();
    raise_descriptor_limit();
    initialize_curl();

    if (!options.quiet) announce_pitfalls(pitfalls);
    const std::string command = quoted_command(context.arguments);
    PitfallsResult result;
    {
        PitfallProgress progress(progress_style(options.quiet), pitfalls);
        for (const Pitfall& pitfall : pitfalls) {
            progress.begin(pitfall);
            PitfallResult measured = measure(pitfall, command, progress);
            result.interrupted =
                measured.run.interrupted || (measured.diagnosed && measured.diagnosed->interrupted);
            if (!measured.run.trials.empty()) result.pitfalls.push_back(std::move(measured));
            if (result.interrupted) break;
        }
    }
    result.tool_version = build_info().version;
    result.command = command;
    result.environment = read_environment();
    if (!result.pitfalls.empty()) result.started_utc = result.pitfalls.front().run.started_utc;
    options.output.write({[&](const TerminalStyle& style) { return pitfalls_terminal_report(result, style); },
                          [&] { return pitfalls_json_report(result); },
                          [&] { return pitfalls_html_report(result); }});
    return status_of(result);
}

}  // namespace

void add_pitfalls_command(CLI::App& app, CommandContext& context) {
    auto options = std::make_shared<PitfallsOptions>();
    options->output.json_name = "pitfalls.json";
    options->output.html_name = "pitfalls.html";
    CLI::App* command = app.add_subcommand(
        "pitfalls",
        "Show what mistakes in asynchronous code cost: the wrong way, the right and the bridged one");
    command->add_option("names", options->names, "Pitfalls to measure (all); `asyncbench list pitfalls`")
        ->type_name("NAME");
    command->add_option("-r,--repetitions", options->repetitions, "Trials of each way; an interval needs 5")
        ->type_name("N")
        ->capture_default_str()
        ->check(CLI::Range(1, 1000));
    command
        ->add_option("-o,--out", options->output.directory, "Directory for pitfalls.json and pitfalls.html")
        ->type_name("DIR");
    command->add_option("--json", options->output.json, "JSON result; - is stdout, then without the tables")
        ->type_name("FILE");
    command->add_option("--html", options->output.html, "HTML report; - is stdout, then without the tables")
        ->type_name("FILE");
    command->add_flag("--quiet", options->quiet, "No progress");
    std::string footer = "Pitfalls:\n";
    for (const Pitfall& pitfall : builtin_pitfalls()) {
        footer += fmt::format("  {:<27} {}\n", pitfall.name, pitfall.title);
    }
    footer +=
        "\n"
        "Each way does the same work against the mock target, each trial in a process of its\n"
        "own; all take two and a half minutes. Where the harm is not speed, the report says\n"
        "what was lost. Each way is run once more with every detector on, apart from what is\n"
        "measured.\n"
        "\n"
        "Exit status: 0 done, 1 could not be done, 4 a measurement is wrong, 64 wrong usage, 130\n"
        "interrupted, the partial result written.";
    command->footer(footer);
    command->callback([options, &context] { context.status = run(*options, context); });
}

}  // namespace asyncbench
