// Context variables, inside a task.
#include <benchmark/benchmark.h>

#include <utility>

#include "async/context.hpp"
#include "async/loop.hpp"
#include "async/run.hpp"
#include "async/task.hpp"
#include "benches/micro/allocation_counter.hpp"

namespace asyncbench {
namespace {

Task<void> get_again(benchmark::State& state) {
    ContextVar<int> variable("micro");
    auto token = variable.set(1);
    {
        const AllocationCounter allocations(state);
        for (auto _ : state) {
            benchmark::DoNotOptimize(variable.get());
        }
    }
    variable.reset(std::move(token));
    co_return;
}

void context_get(benchmark::State& state) {
    Loop loop;
    run(loop, get_again(state));
}
BENCHMARK(context_get);

Task<void> set_again(benchmark::State& state) {
    ContextVar<int> variable("micro");
    const AllocationCounter allocations(state);
    for (auto _ : state) {
        variable.reset(variable.set(2));
    }
    co_return;
}

void context_set_and_reset(benchmark::State& state) {
    Loop loop;
    run(loop, set_again(state));
}
BENCHMARK(context_set_and_reset);

}  // namespace
}  // namespace asyncbench
