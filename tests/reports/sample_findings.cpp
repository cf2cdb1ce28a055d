#include "tests/reports/sample_findings.hpp"

#include <algorithm>
#include <utility>

#include "analysis/ranking/rank.hpp"
#include "analysis/summary.hpp"
#include "harness/trial/blocks.hpp"
#include "tests/reports/sample_run.hpp"

namespace asyncbench::sample {
namespace {

void judge(RunResult& run) {
    run.summary = summarize(run.scenario, run.trials);
    run.comparisons = compare_with_first(run.summary, run.trials);
    run.ranking = rank(run, {{0, 1, 2, 3, 4}, 0.05, 0});
}

}  // namespace

RunResult judged_run() {
    RunResult run = clean_run();
    run.scenario.one_in_flight = {"sequential"};
    std::erase_if(run.trials, [](const Trial& trial) {
        return trial.strategy_name() == "sequential" && trial.spec.plan.concurrency > 1;
    });
    for (Trial& trial : run.trials) {
        trial.every_level = trial.strategy_name() == "sequential";
        trial.overhead_ns.record(90'000, 98);
        trial.overhead_ns.record(800'000 + 10'000 * std::int64_t{trial.order % 7}, 2);
        trial.metrics["overhead_p50_ns"] = {90'000.0 + trial.order, {}};
        trial.metrics["overhead_p90_ns"] = {90'000.0 + trial.order, {}};
        trial.metrics["overhead_p99_ns"] = {800'000.0 + trial.order, {}};
        trial.metrics["overhead_p999_ns"] = {850'000.0 + trial.order, {}};
        trial.metrics["overhead_max_ns"] = {860'000.0 + trial.order, {}};
        trial.metrics["target_lateness_mean_ns"] = {310'000.0, {}};
        trial.metrics["punctual_rps"] = {*trial.metrics["throughput_rps"].value * 1.01, {}};
        trial.metrics["other_load_cores"] = {0.05, {}};
    }
    judge(run);
    return run;
}

RunResult findings_run() {
    RunResult run = judged_run();
    for (Trial& trial : run.trials) {
        if (trial.repetition >= 2) trial.metrics["other_load_cores"] = {1.2, {}};
        if (trial.strategy_name() == "coroutine" && trial.spec.plan.concurrency == 256)
            trial.warnings.push_back(
                {"target-saturated", "The target used 97.0 % of a core (limit 85 %).", WarningKind::limited});
        if (trial.strategy_name() == "callback" && trial.spec.plan.concurrency == 64 && trial.repetition == 0)
            trial.warnings.push_back(
                {"work-mismatch", "Client and target do not agree on the work.", WarningKind::wrong});
    }
    for (std::uint32_t block = 0; block < 5; ++block) mark_disturbed(run.trials, block);
    judge(run);
    return run;
}

RunResult unavailable_run() {
    RunResult run = clean_run();
    for (Trial& trial : run.trials) {
        if (trial.strategy_name() != "coroutine") continue;
        Trial unavailable = Trial::of_unavailable("Disks have no client on a loop.");
        unavailable.spec = trial.spec;
        unavailable.repetition = trial.repetition;
        unavailable.order = trial.order;
        unavailable.every_level = trial.every_level;
        trial = std::move(unavailable);
    }
    run.summary = summarize(run.scenario, run.trials);
    run.comparisons = compare_with_first(run.summary, run.trials);
    run.ranking.reset();
    return run;
}

}  // namespace asyncbench::sample
