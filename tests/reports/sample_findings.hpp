#pragma once

#include "analysis/run_result.hpp"

// MADE UP, as sample_run.hpp.

namespace asyncbench::sample {

/// clean_run() with what our own target tells (overhead, lateness), orders judged from its five blocks, and
/// sequential measured once a block for all concurrencies.
RunResult judged_run();

/// judged_run() with each kind of finding: callback at 64 is wrong, coroutine at 256 limited, and three of
/// the five blocks are disturbed by 1.2 cores of other programs.
RunResult findings_run();

/// clean_run() for whose work coroutine has no client.
RunResult unavailable_run();

}  // namespace asyncbench::sample
