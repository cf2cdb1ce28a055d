// A semaphore that is free, and one that two tasks hand to and fro; beside it a mutex that nobody else wants.
#include "async/semaphore.hpp"

#include <benchmark/benchmark.h>

#include <mutex>

#include "async/gather.hpp"
#include "async/loop.hpp"
#include "async/run.hpp"
#include "async/schedule.hpp"
#include "async/task.hpp"
#include "benches/micro/allocation_counter.hpp"
#include "benches/micro/hops.hpp"

namespace asyncbench {
namespace {

Task<void> acquire_free(benchmark::State& state) {
    Semaphore semaphore(1);
    const AllocationCounter allocations(state);
    for (auto _ : state) {
        const Semaphore::Permit permit = co_await semaphore.acquire();
    }
}

void semaphore_free(benchmark::State& state) {
    Loop loop;
    run(loop, acquire_free(state));
}
BENCHMARK(semaphore_free);

void mutex_free(benchmark::State& state) {
    std::mutex mutex;
    const AllocationCounter allocations(state);
    for (auto _ : state) {
        const std::scoped_lock lock(mutex);
        benchmark::ClobberMemory();
    }
}
BENCHMARK(mutex_free);

// An iteration is one hand-over, with the hop that lets the other come to wait.
Task<void> acquire_contended(Semaphore& semaphore, Hops& hops) {
    while (hops.more()) {
        const Semaphore::Permit permit = co_await semaphore.acquire();
        co_await resume_on(*Loop::current());
    }
}

void semaphore_hand_over(benchmark::State& state) {
    Loop loop;
    Semaphore semaphore(1);
    Hops hops(state);
    const AllocationCounter allocations(state);
    run(loop, gather(acquire_contended(semaphore, hops), acquire_contended(semaphore, hops)));
}
BENCHMARK(semaphore_hand_over);

}  // namespace
}  // namespace asyncbench
