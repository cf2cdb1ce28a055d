#pragma once

#include <atomic>
#include <cstdint>
#include <functional>

#include "analysis/run_result.hpp"

namespace asyncbench {

/// Measures the load that the scenario says, once.
using MeasureLoad = std::function<Trial(const Scenario& scenario, std::uint32_t repetition)>;

/// Looks for the highest rate that keeps to the scenario's goals. It starts at the scenario's rate, or, where
/// `has_first_rate` is false, at what a closed loop of the same connections serves. Sets the run's search,
/// the trials at the answer and, in the scenario, its rate. `on_step` hears of each trial. Ends early,
/// without an answer, where `stop` is set or a trial could not be run; the last trial says why.
void search_rate(RunResult& run, bool has_first_rate, const MeasureLoad& measure,
                 const std::atomic<bool>& stop, const std::function<void(const RateStep& step)>& on_step);

}  // namespace asyncbench
