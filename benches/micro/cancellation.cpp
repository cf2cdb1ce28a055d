// Cancellation: what it costs to be able to be cancelled, and to be. Beside it std::stop_token, which can do
// so from any thread.
#include "async/cancellation.hpp"

#include <benchmark/benchmark.h>

#include <stop_token>

#include "async/loop.hpp"
#include "async/run.hpp"
#include "async/sleep.hpp"
#include "async/task.hpp"
#include "async/task_group.hpp"
#include "benches/micro/allocation_counter.hpp"

namespace asyncbench {
namespace {

void cancellation_arm_and_disarm(benchmark::State& state) {
    const CancellationSource source;
    const CancellationToken token = source.token();
    const AllocationCounter allocations(state);
    for (auto _ : state) {
        CancellationCallback callback;
        callback.arm(token, [&state] { state.SkipWithError("cancelled"); });
        benchmark::DoNotOptimize(&callback);
    }
}
BENCHMARK(cancellation_arm_and_disarm);

void stop_token_arm_and_disarm(benchmark::State& state) {
    const std::stop_source source;
    const std::stop_token token = source.get_token();
    const AllocationCounter allocations(state);
    for (auto _ : state) {
        std::stop_callback callback(token, [&state] { state.SkipWithError("stopped"); });
        benchmark::DoNotOptimize(&callback);
    }
}
BENCHMARK(stop_token_arm_and_disarm);

Task<void> sleep_long() {
    co_await sleep_for(std::chrono::hours(1));
}

// A task that waits is cancelled and joined: with the group, the timer and the exception.
Task<void> cancel_again(benchmark::State& state) {
    const AllocationCounter allocations(state);
    for (auto _ : state) {
        TaskGroup group;
        group.spawn(sleep_long());
        group.cancel();
        co_await group.join();
    }
}

void cancel_a_sleep(benchmark::State& state) {
    Loop loop;
    run(loop, cancel_again(state));
}
BENCHMARK(cancel_a_sleep);

}  // namespace
}  // namespace asyncbench
