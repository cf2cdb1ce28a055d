#pragma once

#include <vector>

#include "benches/pitfalls/pitfall_bench.hpp"
#include "harness/load/strategy.hpp"
#include "harness/trial/pitfall.hpp"

namespace asyncbench {

/// All pitfalls, in the order they are shown, with the code of their ways.
std::vector<Pitfall> builtin_pitfalls();

/// Their ways as strategies: `blocking-http:way=wrong`.
StrategyRegistry pitfall_strategies();

// One a file, named like it.
PitfallBench blocking_http();
PitfallBench blocking_sleep();
PitfallBench forgotten_await();
PitfallBench sequential_await();
PitfallBench session_per_request();
PitfallBench unbounded_gather();
PitfallBench cpu_on_loop();
PitfallBench async_to_sync_on_loop();
PitfallBench nested_pool_waits();
PitfallBench thread_sensitive_everything();
PitfallBench lock_across_await();
PitfallBench no_timeout();
PitfallBench lost_exception();

}  // namespace asyncbench
