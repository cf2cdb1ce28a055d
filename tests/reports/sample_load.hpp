#pragma once

#include "analysis/run_result.hpp"

// MADE UP, as sample_run.hpp. Results of `asyncbench load`.

namespace asyncbench::sample {

/// An open loop of 40 s over a ramp and a plateau, which the server does not hold: late requests, errors of
/// three classes, a generator that is late, a broken threshold.
RunResult load_run();

/// A closed loop of 5 s in which nothing is remarkable.
RunResult closed_load_run();

/// A search for the highest rate, with three trials that confirm it.
RunResult load_search_run();

/// load_search_run() in which every text from outside tries to become markup or script.
RunResult hostile_load_run();

/// closed_load_run() of an hour.
RunResult long_load_run();

}  // namespace asyncbench::sample
