#include "harness/trial/run.hpp"

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <thread>

#include "cli/commands.hpp"
#include "cli/interruption.hpp"
#include "cli/output_files.hpp"
#include "cli/progress.hpp"
#include "cli/scenario_options.hpp"
#include "cli/shell_quote.hpp"
#include "harness/errors.hpp"
#include "harness/http/transfer.hpp"
#include "harness/load/arrivals.hpp"
#include "harness/measure/build_info.hpp"
#include "harness/measure/descriptors.hpp"
#include "reports/report.hpp"

namespace asyncbench {
namespace {

struct Options {
    ScenarioOptions scenario;
    OutputFiles output;
    bool quiet = false;
};

std::string own_path() {
    return std::filesystem::read_symlink("/proc/self/exe").string();
}

void require_strategies(const Scenario& scenario, const StrategyRegistry& strategies) {
    for (const StrategySpec& spec : scenario.strategies) {
        if (spec.name == "exec") continue;
        strategies.require(spec.name, spec.options);
        // Made once here, so that a wrong value is told before the first trial and not by each of them.
        StrategyOptions options;
        options.parameters = spec.options;
        for (const auto& [parameter, value] : spec.options) options.count(parameter, 1);
    }
}

/// A trial and the target each need a descriptor for every connection, and some for themselves.
void require_descriptors(const Scenario& scenario) {
    constexpr std::uint64_t own_need = 64;
    const std::uint64_t limit = raise_descriptor_limit();
    const std::uint64_t most = *std::max_element(scenario.concurrency.begin(), scenario.concurrency.end());
    if (most + own_need > limit) {
        throw Error(fmt::format(
            "Concurrency {} needs {} descriptors in each process, and this system allows {}. Lower -c, "
            "or raise the limit: `ulimit -Hn {}` as root.",
            most, most + own_need, limit, most + own_need));
    }
}

ChildProcess::Options target_command(const Scenario& scenario) {
    ChildProcess::Options options;
    options.command = {own_path(), "target", scenario.target, "--port", "0", "--end-with-parent"};
    const auto flags = ProfileOptions::arguments_for(scenario.profile, scenario.seed);
    options.command.insert(options.command.end(), flags.begin(), flags.end());
    if (scenario.pin) options.cpu_first = options.cpu_last = 0;
    return options;
}

std::unique_ptr<TargetLink> make_target(const Scenario& scenario) {
    if (scenario.target == "mock" || scenario.target == "blocking") {
        return std::make_unique<TargetLink>(target_command(scenario));
    }
    if (scenario.target.starts_with("http://") || scenario.target.starts_with("https://")) {
        return std::make_unique<TargetLink>(scenario.target);
    }
    throw UsageError(
        fmt::format("'{}' is no target; give mock, blocking, or a URL that starts with http:// or https://.",
                    scenario.target));
}

RunnerOptions runner_options(const Scenario& scenario) {
    RunnerOptions options{{own_path(), "trial"}, &watch_for_interruption(), {}, {}};
    if (scenario.pin) {
        const unsigned cpus = std::thread::hardware_concurrency();
        if (cpus < 2)
            throw Error("--pin needs two CPUs or more: one for the target, the others for the trials.");
        options.first_cpu = 1;
        options.last_cpu = cpus - 1;
    }
    return options;
}

ExitStatus status_of(const RunResult& run) {
    if (run.interrupted) return ExitStatus::interrupted;
    const bool measured = std::any_of(run.trials.begin(), run.trials.end(),
                                      [](const TrialResult& trial) { return trial.failure.empty(); });
    if (!measured) return ExitStatus::failed;
    return run.valid() ? ExitStatus::done : ExitStatus::invalid;
}

ExitStatus run(const Options& options, const CommandContext& context) {
    const Scenario scenario = options.scenario.scenario();
    require_strategies(scenario, context.strategies);
    if (scenario.plan.kind == PlanKind::open)
        arrival_times(scenario.plan, scenario.seed);  // throws where impossible
    options.output.require_writable();
    require_descriptors(scenario);
    initialize_curl();

    const RunnerOptions runner = runner_options(scenario);
    const auto target = make_target(scenario);
    RunResult result;
    {
        Progress progress(progress_style(options.quiet), scenario.repetitions);
        result = run_scenario(scenario, *target, runner, progress);
    }
    result.tool_version = build_info().version;
    result.command = quoted_command(context.arguments);
    options.output.write(result);
    return status_of(result);
}

}  // namespace

void add_run_command(CLI::App& app, CommandContext& context) {
    auto options = std::make_shared<Options>();
    CLI::App* command = app.add_subcommand("run", "Compare strategies: measure each in trials and report");
    options->scenario.add_to(*command);
    command->add_option("-o,--out", options->output.directory, "Directory for result.json and report.html")
        ->type_name("DIR");
    command->add_option("--json", options->output.json, "JSON result; - is stdout, then without the table")
        ->type_name("FILE");
    command->add_option("--html", options->output.html, "HTML report")->type_name("FILE");
    command->add_flag("--quiet", options->quiet, "No progress");
    command->callback([options, &context] { context.status = run(*options, context); });
}

}  // namespace asyncbench
