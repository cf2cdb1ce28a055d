#include "cli/gate/stored.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>

#include "analysis/gate/unpaired_gate.hpp"
#include "async/errors.hpp"
#include "cli/experiment_setup.hpp"
#include "cli/progress.hpp"
#include "cli/read_result.hpp"
#include "cli/run_scenario.hpp"
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

}  // namespace

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
    return judge_unpaired(plan);
}

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

}  // namespace asyncbench
