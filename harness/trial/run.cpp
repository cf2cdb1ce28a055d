#include "harness/trial/run.hpp"

#include <algorithm>
#include <numeric>

#include "harness/ranking/blocks.hpp"
#include "harness/ranking/looks.hpp"
#include "harness/ranking/rank.hpp"
#include "harness/trial/summary.hpp"

namespace asyncbench {
namespace {

void summarise(RunResult& run) {
    if (!run.trials.empty()) run.started_utc = run.trials.front().started_utc;
    run.summary = summarize(run.scenario, run.trials);
    run.comparisons = compare_with_first(run.summary, run.trials);
}

class Run {
  public:
    Run(const Scenario& scenario, TargetLink& target, const RunnerOptions& options, RunObserver& observer)
        : options_(options), observer_(observer), runner_(options, target) {
        run_.environment = read_environment();
        run_.scenario = scenario;
        planned_ = least_blocks(scenario);
        trials_per_block_ = plan_block(scenario, 0).size();
    }

    RunResult measure() {
        while (measure_block()) {
            mark_disturbed(run_.trials, blocks_);
            ++blocks_;
            summarise(run_);
            judge();
            plan_on();
            observer_.block_ended(run_, progress());
            if (blocks_ >= planned_) break;
        }
        if (run_.interrupted) {
            mark_disturbed(run_.trials, blocks_);
        } else if (looks_ == 0) {
            judge_all();
        }
        summarise(run_);
        return std::move(run_);
    }

  private:
    bool is_open_ended() const { return run_.scenario.repetitions == 0; }
    Nanoseconds elapsed() const { return std::chrono::duration_cast<Nanoseconds>(Clock::now() - began_); }
    std::uint32_t first_look() const { return blocks_of_first_look(questions_of(run_.scenario)); }

    /// Whether the block is whole.
    bool measure_block() {
        const std::vector<PlannedTrial> block = plan_block(run_.scenario, blocks_);
        for (const PlannedTrial& planned : block) {
            const std::size_t index = run_.trials.size();
            const std::size_t total = planned_ * trials_per_block_;
            observer_.trial_starts(planned.spec, index, total);
            TrialResult result = runner_.run(planned, static_cast<std::uint32_t>(index));
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
        summarise(run_);
        observer_.run_so_far(run_);
    }

    /// Takes the look that is due.
    void judge() {
        if (!is_open_ended() || looks_ == alpha_of_look.size()) return;
        std::vector<std::uint32_t> clear = clear_blocks(run_.trials);
        clear_ = static_cast<std::uint32_t>(clear.size());
        if (clear_ < blocks_of_look(first_look(), looks_ + 1)) return;
        const double alpha = alpha_of_look[looks_];
        ++looks_;
        run_.ranking = rank(run_, {std::move(clear), alpha, static_cast<std::uint32_t>(looks_)});
    }

    void judge_all() {
        std::vector<std::uint32_t> all(blocks_);
        std::iota(all.begin(), all.end(), 0U);
        run_.ranking = rank(run_, {std::move(all), alpha_of_run, 0});
    }

    /// Says how many blocks there will be. More than planned only where they can change something: clear blocks
    /// for a look that fits into the budget.
    void plan_on() {
        if (!is_open_ended() || blocks_ < planned_) return;
        const bool decided = looks_ == alpha_of_look.size() || (run_.ranking && run_.ranking->open() == 0);
        if (decided) return;
        const std::uint32_t needed = blocks_of_look(first_look(), looks_ + 1) - std::min(clear_, blocks_of_look(first_look(), looks_ + 1));
        const double block_ns = static_cast<double>(elapsed().count()) / blocks_;
        const double left_ns = static_cast<double>((run_.scenario.budget - elapsed()).count());
        // On a machine that is never clear, more blocks make the one judgement surer, to a limit.
        const bool hopeless = looks_ == 0 && blocks_ >= blocks_of_look(first_look(), alpha_of_look.size());
        // A look whose clear blocks the budget cannot hold would waste it. Before the first one, whatever it
        // holds is worth having.
        const double clear_share = std::max(1.0, static_cast<double>(clear_)) / blocks_;
        const double next_look_ns = needed / clear_share * block_ns;
        const bool affordable = looks_ == 0 ? block_ns <= left_ns : next_look_ns <= left_ns;
        if (affordable && !hopeless) ++planned_;
    }

    RunProgress progress() const {
        RunProgress progress;
        progress.blocks_done = blocks_;
        progress.blocks_planned = planned_;
        progress.judged = run_.ranking.has_value();
        progress.open = progress.judged ? run_.ranking->open() : 0;
        progress.elapsed = elapsed();
        const Nanoseconds planned = elapsed() / blocks_ * (planned_ - blocks_);
        const Nanoseconds budget = std::max(Nanoseconds{0}, run_.scenario.budget - elapsed());
        progress.most_left = is_open_ended() && planned_ > blocks_ ? std::max(planned, budget) : planned;
        return progress;
    }

    const RunnerOptions& options_;
    RunObserver& observer_;
    TrialRunner runner_;
    RunResult run_;
    std::size_t trials_per_block_ = 0;
    std::uint32_t blocks_ = 0;   ///< whole ones
    std::uint32_t planned_ = 0;  ///< by now
    std::uint32_t clear_ = 0;
    std::size_t looks_ = 0;  ///< taken
    TimePoint began_ = std::chrono::time_point_cast<Nanoseconds>(Clock::now());
};

}  // namespace

std::uint32_t least_blocks(const Scenario& scenario) {
    return scenario.repetitions > 0 ? scenario.repetitions : blocks_of_first_look(questions_of(scenario));
}

RunResult run_scenario(const Scenario& scenario, TargetLink& target, const RunnerOptions& options,
                       RunObserver& observer) {
    return Run(scenario, target, options, observer).measure();
}

}  // namespace asyncbench
