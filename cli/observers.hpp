#pragma once

#include <utility>
#include <vector>

#include "cli/run_scenario.hpp"

namespace asyncbench {

/// Tells several observers, which must live longer, in their order.
class Observers final : public RunObserver {
  public:
    explicit Observers(std::vector<RunObserver*> observers) : observers_(std::move(observers)) {}

    void trial_starts(const TrialSpec& spec, std::size_t index, std::size_t total) override {
        for (RunObserver* observer : observers_) observer->trial_starts(spec, index, total);
    }
    void trial_ended(const TrialResult& result, std::size_t index, std::size_t total) override {
        for (RunObserver* observer : observers_) observer->trial_ended(result, index, total);
    }
    void block_ended(const RunResult& run, const RunProgress& progress) override {
        for (RunObserver* observer : observers_) observer->block_ended(run, progress);
    }
    bool wants_run_so_far() override {
        wanting_.clear();
        for (RunObserver* observer : observers_) {
            if (observer->wants_run_so_far()) wanting_.push_back(observer);
        }
        return !wanting_.empty();
    }
    void run_so_far(const RunResult& run) override {
        for (RunObserver* observer : wanting_) observer->run_so_far(run);
    }

  private:
    std::vector<RunObserver*> observers_;
    std::vector<RunObserver*> wanting_;  ///< to be told of the run so far
};

}  // namespace asyncbench
