#include "cli/run_scenario.hpp"

#include "analysis/ranking/block_schedule.hpp"
#include "analysis/ranking/rank.hpp"
#include "analysis/summary.hpp"
#include "harness/trial/blocks.hpp"

namespace asyncbench {
namespace {

void update_summary(RunResult& run) {
    if (!run.trials.empty()) run.started_utc = run.trials.front().started_utc;
    run.summary = summarize(run.scenario, run.trials);
    run.comparisons = compare_with_first(run.summary, run.trials);
}

class Run {
  public:
    Run(const Scenario& scenario, TargetLink& target, const RunnerOptions& options, RunObserver& observer)
        : options_(options), observer_(observer), runner_(options, target), schedule_(scenario) {
        run_.environment = read_environment();
        run_.scenario = scenario;
        if (const auto note = target.address_note()) run_.warnings.push_back(*note);
    }

    RunResult measure() {
        while (schedule_.wants_block() && measure_block()) {
            mark_disturbed(run_.trials, schedule_.done());
            update_summary(run_);
            if (auto look = schedule_.block_ended(clear_blocks(run_.trials)))
                run_.ranking = rank(run_, *look);
            schedule_.plan_on(open(), elapsed());
            observer_.block_ended(run_, progress());
        }
        if (run_.interrupted) {
            mark_disturbed(run_.trials, schedule_.done());
        } else if (auto all = schedule_.judgement_at_end()) {
            run_.ranking = rank(run_, *all);
        }
        update_summary(run_);
        // A cell may have become wrong since the look. The same blocks are judged, so that the look's error
        // stays what it is.
        if (run_.ranking) run_.ranking = judged_again(run_);
        return std::move(run_);
    }

  private:
    Nanoseconds elapsed() const { return std::chrono::duration_cast<Nanoseconds>(Clock::now() - began_); }
    std::size_t open() const { return run_.ranking ? run_.ranking->open() : 0; }

    /// Whether the block is whole.
    bool measure_block() {
        const std::vector<PlannedTrial> block = plan_block(run_.scenario, schedule_.done());
        const std::size_t total = schedule_.planned() * block.size();
        for (const PlannedTrial& planned : block) {
            const std::size_t index = run_.trials.size();
            observer_.trial_starts(planned.spec, index, total);
            Trial result = runner_.run(planned, static_cast<std::uint32_t>(index));
            run_.interrupted = options_.interrupted != nullptr && *options_.interrupted;
            if (run_.interrupted && !result.failure.empty()) return false;
            observer_.trial_ended(result, index, total);
            run_.trials.push_back(std::move(result));
            if (run_.interrupted) return false;
            tell_run_so_far();
        }
        return true;
    }

    void tell_run_so_far() {
        if (!observer_.wants_run_so_far()) return;
        update_summary(run_);
        observer_.run_so_far(run_);
    }

    RunProgress progress() const {
        RunProgress progress;
        progress.blocks_done = schedule_.done();
        progress.blocks_planned = schedule_.planned();
        progress.judged = run_.ranking.has_value();
        progress.open = open();
        progress.elapsed = elapsed();
        progress.most_left = schedule_.most_left(progress.elapsed);
        return progress;
    }

    const RunnerOptions& options_;
    RunObserver& observer_;
    TrialRunner runner_;
    BlockSchedule schedule_;
    RunResult run_;
    TimePoint began_ = steady_now();
};

}  // namespace

RunResult run_scenario(const Scenario& scenario, TargetLink& target, const RunnerOptions& options,
                       RunObserver& observer) {
    return Run(scenario, target, options, observer).measure();
}

}  // namespace asyncbench
