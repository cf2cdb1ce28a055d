#include "harness/trial/run.hpp"

#include "harness/trial/summary.hpp"

namespace asyncbench {
namespace {

void summarise(RunResult& run) {
    if (!run.trials.empty()) run.started_utc = run.trials.front().started_utc;
    run.summary = summarize(run.scenario, run.trials);
    run.comparisons = compare_with_first(run.summary, run.trials);
}

}  // namespace

RunResult run_scenario(const Scenario& scenario, TargetLink& target, const RunnerOptions& options,
                       RunObserver& observer) {
    RunResult run;
    run.environment = read_environment();
    run.scenario = scenario;
    const std::vector<PlannedTrial> planned = plan_trials(scenario);
    TrialRunner runner(options, target);
    for (std::size_t index = 0; index < planned.size(); ++index) {
        observer.trial_starts(planned[index].spec, index, planned.size());
        TrialResult result = runner.run(planned[index], static_cast<std::uint32_t>(index));
        run.interrupted = options.interrupted != nullptr && *options.interrupted;
        if (run.interrupted && !result.failure.empty()) break;
        observer.trial_ended(result, index, planned.size());
        run.trials.push_back(std::move(result));
        if (run.interrupted) break;
        if (observer.wants_run_so_far()) {
            summarise(run);
            observer.run_so_far(run);
        }
    }
    summarise(run);
    return run;
}

}  // namespace asyncbench
