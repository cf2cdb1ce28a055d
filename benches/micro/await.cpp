// Making a task, and awaiting one that does not wait itself.
#include <benchmark/benchmark.h>

#include <chrono>
#include <utility>
#include <vector>

#include "async/clock.hpp"
#include "async/loop.hpp"
#include "async/run.hpp"
#include "async/task.hpp"
#include "benches/micro/allocation_counter.hpp"
#include "benches/micro/asio_awaitable.hpp"
#include "benches/micro/hops.hpp"

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

// Timed by hand: a task is awaited after all, or it would count as forgotten. As many at a time as a thread
// keeps memory for.
constexpr int batch = 20;

template <class MakeTask>
auto create_timed(benchmark::State& state, MakeTask make_task) {
    std::vector<decltype(make_task(1))> tasks;
    tasks.reserve(batch);
    const TimePoint begin = Clock::now();
    for (int i = 0; i < batch; ++i) {
        tasks.push_back(make_task(i));
    }
    state.SetIterationTime(std::chrono::duration<double>(Clock::now() - begin).count());
    return tasks;
}

Task<void> create_tasks(benchmark::State& state) {
    int sum = 0;
    for (auto _ : state) {
        auto tasks = create_timed(state, child);
        for (Task<int>& task : tasks) {
            sum += co_await std::move(task);
        }
    }
    benchmark::DoNotOptimize(sum);
    set_operations(state, batch);
}

void create_task(benchmark::State& state) {
    Loop loop;
    run(loop, create_tasks(state));
}
BENCHMARK(create_task)->UseManualTime();

AsioTask<void> asio_create_awaitables(benchmark::State& state) {
    int sum = 0;
    for (auto _ : state) {
        auto tasks = create_timed(state, asio_child);
        for (AsioTask<int>& task : tasks) {
            sum += co_await std::move(task);
        }
    }
    benchmark::DoNotOptimize(sum);
    set_operations(state, batch);
}

void asio_create_awaitable(benchmark::State& state) {
    run_in_asio(asio_create_awaitables(state));
}
BENCHMARK(asio_create_awaitable)->UseManualTime();

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
