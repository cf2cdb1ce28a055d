// gather and TaskGroup of state.range(0) tasks that each hop once; an iteration is the whole. Beside them
// Asio's parallel group, which does what gather does.
#include <benchmark/benchmark.h>

#include <boost/asio/deferred.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/asio/post.hpp>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "async/gather.hpp"
#include "async/loop.hpp"
#include "async/run.hpp"
#include "async/schedule.hpp"
#include "async/task.hpp"
#include "async/task_group.hpp"
#include "benches/micro/allocation_counter.hpp"
#include "benches/micro/asio_awaitable.hpp"
#include "benches/micro/hops.hpp"

namespace asyncbench {
namespace {

Task<int> hopping_child(Loop& loop) {
    co_await resume_on(loop);
    co_return 1;
}

Task<void> gather_again(benchmark::State& state, Loop& loop) {
    const AllocationCounter allocations(state);
    for (auto _ : state) {
        std::vector<Task<int>> tasks;
        tasks.reserve(static_cast<std::size_t>(state.range(0)));
        for (std::int64_t task = 0; task < state.range(0); ++task) {
            tasks.push_back(hopping_child(loop));
        }
        benchmark::DoNotOptimize(co_await gather(std::move(tasks)));
    }
    set_operations(state, state.range(0));
}

void gather_tasks(benchmark::State& state) {
    Loop loop;
    run(loop, gather_again(state, loop));
}
BENCHMARK(gather_tasks)->Arg(1)->Arg(100);

AsioTask<int> asio_hopping_child(AsioContext& context) {
    co_await boost::asio::post(context, AsioToken());
    co_return 1;
}

AsioTask<void> asio_gather_again(benchmark::State& state, AsioContext& context) {
    namespace experimental = boost::asio::experimental;
    const auto start = [&context] {
        return boost::asio::co_spawn(context, asio_hopping_child(context), boost::asio::deferred);
    };
    const AllocationCounter allocations(state);
    for (auto _ : state) {
        std::vector<decltype(start())> tasks;
        tasks.reserve(static_cast<std::size_t>(state.range(0)));
        for (std::int64_t task = 0; task < state.range(0); ++task) {
            tasks.push_back(start());
        }
        auto group = experimental::make_parallel_group(std::move(tasks));
        auto waiting = group.async_wait(experimental::wait_for_all(), AsioToken());
        benchmark::DoNotOptimize(co_await std::move(waiting));
    }
    set_operations(state, state.range(0));
}

void asio_parallel_group(benchmark::State& state) {
    AsioContext context(1);
    boost::asio::co_spawn(context, asio_gather_again(state, context), boost::asio::detached);
    context.run();
}
BENCHMARK(asio_parallel_group)->Arg(1)->Arg(100);

Task<void> hop_once(Loop& loop) {
    co_await resume_on(loop);
}

Task<void> group_again(benchmark::State& state, Loop& loop) {
    const AllocationCounter allocations(state);
    for (auto _ : state) {
        TaskGroup group;
        for (std::int64_t task = 0; task < state.range(0); ++task) {
            group.spawn(hop_once(loop));
        }
        co_await group.join();
    }
    set_operations(state, state.range(0));
}

void task_group(benchmark::State& state) {
    Loop loop;
    run(loop, group_again(state, loop));
}
BENCHMARK(task_group)->Arg(1)->Arg(100);

}  // namespace
}  // namespace asyncbench
