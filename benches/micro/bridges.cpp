// The bridges between synchronous and asynchronous code: wall time of one call that does nothing, warm (the
// other thread exists) and cold (it is made for the call), and nested in each other.
#include <benchmark/benchmark.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <functional>
#include <utility>

#include "async/async_to_sync.hpp"
#include "async/create_task.hpp"
#include "async/executor.hpp"
#include "async/loop.hpp"
#include "async/run.hpp"
#include "async/schedule.hpp"
#include "async/sync_to_async.hpp"
#include "async/task.hpp"
#include "async/thread_sensitive_context.hpp"
#include "benches/micro/allocation_counter.hpp"
#include "benches/micro/asio_awaitable.hpp"

namespace asyncbench {
namespace {

int answer() {
    return 42;
}

Task<int> answer_task() {
    co_return 42;
}

// The job runs inside the await: what is left is the bridge without its threads.
class DirectExecutor final : public Executor {
  public:
    void submit(std::function<void()> job) override { job(); }
};

template <class Function>
Task<void> await_again(benchmark::State& state, const Function& function) {
    const AllocationCounter allocations(state);
    for (auto _ : state) {
        benchmark::DoNotOptimize(co_await function());
    }
}

template <class Function>
void measure_on_loop(benchmark::State& state, const Function& function) {
    Loop loop;
    run(loop, await_again(state, function));
}

void sync_to_async_thread_sensitive(benchmark::State& state) {
    measure_on_loop(state, sync_to_async(answer));
}
BENCHMARK(sync_to_async_thread_sensitive)->UseRealTime();

void sync_to_async_pool(benchmark::State& state) {
    measure_on_loop(state, sync_to_async(answer, not_thread_sensitive));
}
BENCHMARK(sync_to_async_pool)->UseRealTime();

void sync_to_async_direct(benchmark::State& state) {
    DirectExecutor direct;
    measure_on_loop(state, sync_to_async(answer, direct));
}
BENCHMARK(sync_to_async_direct)->UseRealTime();

Task<void> await_cold(benchmark::State& state) {
    const auto function = sync_to_async(answer);
    const AllocationCounter allocations(state);
    for (auto _ : state) {
        const ThreadSensitiveContext new_thread;
        benchmark::DoNotOptimize(co_await function());
    }
}

void sync_to_async_cold(benchmark::State& state) {
    Loop loop;
    run(loop, await_cold(state));
}
BENCHMARK(sync_to_async_cold)->UseRealTime();

void async_to_sync_warm(benchmark::State& state) {
    const AsyncSingleThreadContext one_thread;
    const auto function = async_to_sync(answer_task);
    benchmark::DoNotOptimize(function());
    const AllocationCounter allocations(state);
    for (auto _ : state) {
        benchmark::DoNotOptimize(function());
    }
}
BENCHMARK(async_to_sync_warm)->UseRealTime();

void async_to_sync_cold(benchmark::State& state) {
    const auto function = async_to_sync(answer_task);
    const AllocationCounter allocations(state);
    for (auto _ : state) {
        benchmark::DoNotOptimize(function());
    }
}
BENCHMARK(async_to_sync_cold)->UseRealTime();

// What async_to_sync() adds to is a loop that runs the task on the calling thread.
void run_new_loop(benchmark::State& state) {
    const AllocationCounter allocations(state);
    for (auto _ : state) {
        Loop loop;
        benchmark::DoNotOptimize(run(loop, answer_task()));
    }
}
BENCHMARK(run_new_loop)->UseRealTime();

void nested_sync_async(benchmark::State& state) {
    measure_on_loop(state, sync_to_async(async_to_sync(answer_task)));
}
BENCHMARK(nested_sync_async)->UseRealTime();

Task<int> answer_from_sync() {
    const auto function = sync_to_async(answer);
    co_return co_await function();
}

void nested_twice(benchmark::State& state) {
    measure_on_loop(state, sync_to_async(async_to_sync(answer_from_sync)));
}
BENCHMARK(nested_twice)->UseRealTime();

Task<int> hop_and_answer() {
    co_await resume_on(*Loop::current());
    co_return 42;
}

Task<void> create_again(benchmark::State& state) {
    const AllocationCounter allocations(state);
    for (auto _ : state) {
        auto running = create_task(hop_and_answer());
        benchmark::DoNotOptimize(co_await std::move(running));
    }
}

void create_task_and_join(benchmark::State& state) {
    Loop loop;
    run(loop, create_again(state));
}
BENCHMARK(create_task_and_join);

AsioTask<int> asio_hop_and_answer(AsioContext& context) {
    co_await boost::asio::post(context, AsioToken());
    co_return 42;
}

AsioTask<void> asio_spawn_again(benchmark::State& state, AsioContext& context) {
    const AllocationCounter allocations(state);
    for (auto _ : state) {
        benchmark::DoNotOptimize(
            co_await boost::asio::co_spawn(context, asio_hop_and_answer(context), AsioToken()));
    }
}

void asio_spawn_and_join(benchmark::State& state) {
    AsioContext context(1);
    boost::asio::co_spawn(context, asio_spawn_again(state, context), boost::asio::detached);
    context.run();
}
BENCHMARK(asio_spawn_and_join);

}  // namespace
}  // namespace asyncbench
