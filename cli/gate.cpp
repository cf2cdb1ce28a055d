#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <algorithm>
#include <memory>
#include <string>
#include <utility>

#include "analysis/gate/gate_config.hpp"
#include "analysis/gate/gate_result.hpp"
#include "analysis/gate/server_rules.hpp"
#include "analysis/gate/unpaired_gate.hpp"
#include "async/errors.hpp"
#include "cli/commands.hpp"
#include "cli/experiment_setup.hpp"
#include "cli/gate/counted_runs.hpp"
#include "cli/gate/options.hpp"
#include "cli/gate/paired_gate.hpp"
#include "cli/gate/programs.hpp"
#include "cli/gate/progress.hpp"
#include "cli/gate/self_test_command.hpp"
#include "cli/progress.hpp"
#include "cli/read_result.hpp"
#include "cli/run_scenario.hpp"
#include "cli/shell_quote.hpp"
#include "harness/http/transfer.hpp"
#include "harness/measure/build_info.hpp"
#include "harness/measure/descriptors.hpp"
#include "harness/measure/environment.hpp"

namespace asyncbench {
namespace {

constexpr std::uint32_t least_repetitions = 10;

/// What a file names is not run: who may write a baseline could run any program.
void refuse_programs_of_a_file(const Scenario& scenario, const std::string& file) {
    for (const StrategySpec& strategy : scenario.strategies) {
        if (strategy.name != "exec") continue;
        throw UsageError(fmt::format(
            "{} holds a cell of '{}', and a program that a file names is not run. Choose other cells "
            "with -s, or compare two results as files.",
            file, strategy.text()));
    }
}

/// As in a sentence: `yesterday.json and the fresh run come from two machines`.
constexpr const char* fresh_run = "the fresh run";

/// What is known of a run before it is measured.
MeasuredValues planned_values(const Scenario& scenario) {
    RunResult run;
    run.environment = read_environment();
    run.scenario = scenario;
    MeasuredValues planned = measured_values(run, fresh_run);
    for (const StrategySpec& strategy : scenario.strategies) {
        for (const std::uint32_t concurrency : scenario.concurrency)
            planned.cells.emplace_back().name = fmt::format("{} at {}", strategy.text(), concurrency);
    }
    return planned;
}

bool is_of_load(const MeasuredValues& measured) {
    return std::any_of(measured.cells.begin(), measured.cells.end(), [](const MeasuredCell& cell) {
        return !cell.measured.empty() && cell.measured.front().spec.load.has_value();
    });
}

/// What a load needed is the generator's, and no server's.
void tell_generator_apart(MeasuredValues& measured) {
    for (MeasuredCell& cell : measured.cells)
        for (Trial& trial : cell.measured) trial.metrics = metrics_of_generator(std::move(trial.metrics));
}

/// Compares the two files of `options.files`; measures nothing. Throws Error and UsageError.
GateResult gate_files(const GateOptions& options, const GateConfig& settings) {
    if (options.files.size() != 2) {
        throw UsageError(
            "gate compares two files, the base first; give two results of `run`, or two JSON files of Google "
            "Benchmark.");
    }
    UnpairedGatePlan plan;
    plan.shape = GateShape::files;
    plan.base = read_measured_values(options.files[0]);
    plan.head = read_measured_values(options.files[1]);
    plan.rules = settings.rules;
    plan.different_machines = options.different_machine;
    if (!is_of_trials(plan.base)) add_times_of_others(plan.rules);
    if (is_of_load(plan.base) && is_of_load(plan.head)) {
        plan.rules = rules_of_running_servers(std::move(plan.rules));
        for (MeasuredValues* side : {&plan.base, &plan.head}) tell_generator_apart(*side);
    }
    return judge_unpaired(plan);
}

/// Measures the scenario of `options.baseline` once more, as `run` does, and compares. At least ten
/// repetitions: five and five values cannot show a regression in more than two checks at an alpha of 0.01.
/// Throws Error and UsageError.
GateResult gate_stored(const GateOptions& options, const GateConfig& settings) {
    const RunResult stored = read_result(options.baseline);
    Scenario scenario = options.scenario.scenario_over(stored.scenario, ScenarioOptions::Batch::as_before);
    refuse_programs_of_a_file(scenario, options.baseline);
    scenario.repetitions = std::max(scenario.repetitions, least_repetitions);
    UnpairedGatePlan plan;
    plan.shape = GateShape::stored;
    plan.base = measured_values(stored, options.baseline);
    plan.head = planned_values(scenario);
    plan.rules = settings.rules;
    plan.different_machines = options.different_machine;
    require_comparable(plan);
    const RunnerOptions runner = runner_options(scenario, {"trial"});
    const auto target = make_target(scenario);
    const TimePoint began = Clock::now();
    RunResult fresh;
    {
        Progress progress(progress_style(options.quiet));
        fresh = run_scenario(scenario, *target, runner, progress);
    }
    plan.head = measured_values(fresh, fresh_run);
    GateResult result = judge_unpaired(plan);
    result.head.program = "this program, now";
    result.scenario = scenario;
    result.started_utc = fresh.started_utc;
    result.interrupted = fresh.interrupted;
    result.elapsed = std::chrono::duration_cast<Nanoseconds>(Clock::now() - began);
    return result;
}

/// A FAIL goes before what is wrong: it rests on pairs in which both arms did the work while the control
/// stood still, or on requests that failed, and what else went wrong did not make it.
ExitStatus status_of(const GateResult& result, bool strict) {
    if (result.interrupted) return ExitStatus::interrupted;
    if (!result.failure.empty()) return ExitStatus::failed;
    const Verdict verdict = result.verdict();
    if (verdict == Verdict::fail) return ExitStatus::regression;
    if (!result.usable()) return ExitStatus::wrong;
    return strict && verdict == Verdict::inconclusive ? ExitStatus::inconclusive : ExitStatus::done;
}

GateResult measure_paired(const PairedPrograms& programs, const GateOptions& options) {
    GateProgress progress(progress_style(options.quiet));
    GateResult result = run_paired_gate(programs.plan(), progress);
    if (result.failure.empty() && !result.interrupted) {
        run_counted_runs(programs.plan(), progress, result);
    }
    if (options.compares_running_servers()) {
        result.base.target = SecretText::url(options.base_url);
        result.head.target = SecretText::url(options.head_url);
    } else {
        result.base.target = options.base_target;
        result.head.target = options.head_target;
    }
    return result;
}

/// Each shape of the gate makes a result; all are told in the same way. What was started is the caller's to
/// end.
GateResult compare(const GateOptions& options, const GateConfig& settings,
                   std::unique_ptr<PairedPrograms>& programs) {
    if (!options.files.empty()) return gate_files(options, settings);
    if (!options.baseline.empty()) return gate_stored(options, settings);
    programs = std::make_unique<PairedPrograms>(options, settings);
    return measure_paired(*programs, options);
}

ExitStatus gate(const GateOptions& options, const CommandContext& context) {
    const GateConfig settings = options.settings();
    options.output.require_writable(options.inputs());
    raise_descriptor_limit();
    initialize_curl();
    if (options.self_test) return gate_self_test(options, settings, context);
    // Ended after the result is written: servers may take their time, and a second signal would not wait.
    std::unique_ptr<PairedPrograms> programs;
    GateResult result = compare(options, settings, programs);
    result.tool_version = build_info().version;
    result.command = quoted_command(context.arguments);
    options.output.write(result);
    return status_of(result, settings.strict);
}

}  // namespace

void add_gate_command(CLI::App& app, CommandContext& context) {
    auto options = std::make_shared<GateOptions>();
    CLI::App* command = app.add_subcommand(
        "gate", "Say whether head is slower than base, by measuring both in turns, for CI");
    options->add_to(*command);
    command->footer(
        "CMD is run by /bin/sh and speaks the trial protocol (docs/trial-protocol.md); a path to\n"
        "another build of asyncbench is enough. Both arms do the same work, in blocks of ABBA or\n"
        "BAAB, beside a control in which nothing differs; a FAIL is measured again before it\n"
        "counts.\n"
        "\n"
        "  asyncbench gate --base old/asyncbench --head new/asyncbench -o gate\n"
        "\n"
        "  asyncbench gate --base-url http://localhost:8001/ --head-url http://localhost:8002/\n"
        "\n"
        "Weaker, as what the machine did between the two counts as a change: --baseline FILE\n"
        "against a run of the same scenario now, and two files that are there, of `run` or of\n"
        "Google Benchmark:\n"
        "\n"
        "  asyncbench gate --baseline yesterday.json\n"
        "  asyncbench gate base.json head.json\n"
        "\n"
        "Exit status: 0 PASS, or INCONCLUSIVE without --strict; 1 could not be done; 2 FAIL; 3\n"
        "INCONCLUSIVE with --strict; 4 measured wrong; 64 wrong usage; 130 interrupted, the partial\n"
        "result written.");
    command->callback([options, &context] { context.status = gate(*options, context); });
}

}  // namespace asyncbench
