// Making a task, and awaiting one that does not wait itself.
#include <benchmark/benchmark.h>

#include "benches/micro/allocation_counter.hpp"
#include "benches/micro/asio_awaitable.hpp"
#include "benches/micro/hops.hpp"
#include "harness/async/loop.hpp"
#include "harness/async/run.hpp"
#include "harness/async/task.hpp"

namespace asyncbench {
namespace {

constexpr int depth = 10;

Task<int> child(int value) {
    co_return value;
}

AsioTask<int> asio_child(int value) {
    co_return value;
}

// NOLINTNEXTLINE(misc-no-recursion)
Task<int> nested(int levels) {
    if (levels == 1) {
        co_return 1;
    }
    co_return co_await nested(levels - 1) + 1;
}

// NOLINTNEXTLINE(misc-no-recursion)
AsioTask<int> asio_nested(int levels) {
    if (levels == 1) {
        co_return 1;
    }
    co_return co_await asio_nested(levels - 1) + 1;
}

void create_task(benchmark::State& state) {
    const AllocationCounter allocations(state);
    for (auto _ : state) {
        const Task<int> task = child(1);
        benchmark::DoNotOptimize(task.valid());
    }
}
BENCHMARK(create_task);

Task<void> create_task_loop(benchmark::State& state) {
    create_task(state);
    co_return;
}

// Inside a loop that runs, where Asio recycles the memory of frames.
void create_task_on_loop(benchmark::State& state) {
    Loop loop;
    run(loop, create_task_loop(state));
}
BENCHMARK(create_task_on_loop);

AsioTask<void> asio_create_loop(benchmark::State& state) {
    const AllocationCounter allocations(state);
    for (auto _ : state) {
        const AsioTask<int> awaitable = asio_child(1);
        benchmark::DoNotOptimize(awaitable.valid());
    }
    co_return;
}

void asio_create_awaitable(benchmark::State& state) {
    run_in_asio(asio_create_loop(state));
}
BENCHMARK(asio_create_awaitable);

Task<void> await_children(benchmark::State& state) {
    const AllocationCounter allocations(state);
    int sum = 0;
    for (auto _ : state) {
        sum += co_await child(1);
    }
    benchmark::DoNotOptimize(sum);
}

void await_child(benchmark::State& state) {
    Loop loop;
    run(loop, await_children(state));
}
BENCHMARK(await_child);

AsioTask<void> asio_await_children(benchmark::State& state) {
    const AllocationCounter allocations(state);
    int sum = 0;
    for (auto _ : state) {
        sum += co_await asio_child(1);
    }
    benchmark::DoNotOptimize(sum);
}

void asio_await_child(benchmark::State& state) {
    run_in_asio(asio_await_children(state));
}
BENCHMARK(asio_await_child);

Task<void> await_chains(benchmark::State& state) {
    const AllocationCounter allocations(state);
    int sum = 0;
    for (auto _ : state) {
        sum += co_await nested(depth);
    }
    benchmark::DoNotOptimize(sum);
    set_operations(state, depth);
}

void await_nested(benchmark::State& state) {
    Loop loop;
    run(loop, await_chains(state));
}
BENCHMARK(await_nested);

AsioTask<void> asio_await_chains(benchmark::State& state) {
    const AllocationCounter allocations(state);
    int sum = 0;
    for (auto _ : state) {
        sum += co_await asio_nested(depth);
    }
    benchmark::DoNotOptimize(sum);
    set_operations(state, depth);
}

void asio_await_nested(benchmark::State& state) {
    run_in_asio(asio_await_chains(state));
}
BENCHMARK(asio_await_nested);

}  // namespace
}  // namespace asyncbench
