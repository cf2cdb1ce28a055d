#pragma once

#include <optional>

#include "async/clock.hpp"
#include "harness/trial/trial.hpp"

namespace asyncbench {

/// Adds what a program need not report. What can be seen from outside (`cpu`, of its processes) is added
/// where it is missing. What follows from the trial's counts and histograms is always computed here, whatever
/// the program says: otherwise the numbers of one trial could contradict each other. Nothing of a trial
/// without requests.
void complete_metrics(Trial& result, std::optional<Nanoseconds> cpu);

}  // namespace asyncbench
