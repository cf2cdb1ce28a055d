#pragma once

#include "analysis/run_result.hpp"

// MADE UP. Results for tests of the reports, shaped like those of a real run: nobody measured these numbers,
// and no output made of them may be shown or kept as a result.

namespace asyncbench::sample {

/// Four strategies at four concurrencies, five repetitions: every trial usable, callback and coroutine alike.
RunResult clean_run();

/// One concurrency, in a batch: what `run -c 64 -n 2000` gives.
RunResult single_run();

/// Like clean_run() with what can go wrong: a trial that died, a wrong cell, unknown metrics, warnings, a
/// foreign `exec:` strategy that knows few metrics, and interrupted before the end.
RunResult troubled_run();

/// Two strategies measured with every detector on: one blocks its loop, the other is clean.
RunResult diagnosed_run();

/// clean_run() in which callback had one trial at 256, its third, that was 0.4 times as fast.
RunResult outlier_run();

/// clean_run() with seven strategies, of which all but sequential and the thread pool are alike.
RunResult crowded_run();

/// clean_run() at a rate that is given.
RunResult open_loop_run();

/// clean_run() with two programs whose commands differ at their ends alone.
RunResult alike_names_run();

/// clean_run() whose first strategy has no usable trial, so that the result compares nothing with it.
RunResult without_first_run();

/// Every text from outside tries to become markup or script.
RunResult hostile_run();

/// `strategies` x `concurrencies` cells, at most 10 each, of `repetitions` trials of a second each: how large
/// reports grow. Four concurrencies are 1, 16, 64 and 256.
RunResult large_run(int strategies, int concurrencies, int repetitions);

/// Text that hostile_run() has everywhere. Sets `window.hostile` where it comes to run.
extern const char* const hostile_text;

}  // namespace asyncbench::sample
