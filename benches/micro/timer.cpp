// Timers: armed and cancelled, and as sleeps.
#include <benchmark/benchmark.h>

#include <boost/asio/steady_timer.hpp>

#include "async/asio.hpp"
#include "async/loop.hpp"
#include "async/run.hpp"
#include "async/sleep.hpp"
#include "async/task.hpp"
#include "async/task_group.hpp"
#include "async/timer.hpp"
#include "benches/micro/allocation_counter.hpp"
#include "benches/micro/asio_awaitable.hpp"
#include "benches/micro/hops.hpp"

namespace asyncbench {
namespace {

// Cancelling queues a handler that says so, in both; poll() runs it.
void timer_arm_and_cancel(benchmark::State& state) {
    Loop loop;
    Timer timer(loop);
    const TimePoint deadline = Clock::now() + std::chrono::hours(1);
    const AllocationCounter allocations(state);
    for (auto _ : state) {
        timer.at(deadline, [&loop] { loop.stop(); });
        timer.cancel();
        io_context(loop).poll();
    }
}
BENCHMARK(timer_arm_and_cancel);

void asio_timer_arm_and_cancel(benchmark::State& state) {
    AsioContext context(1);
    const auto guard = boost::asio::make_work_guard(context);
    boost::asio::steady_timer timer(context);
    const TimePoint deadline = Clock::now() + std::chrono::hours(1);
    const AllocationCounter allocations(state);
    for (auto _ : state) {
        timer.expires_at(deadline);
        timer.async_wait([&context](boost::system::error_code) { benchmark::DoNotOptimize(&context); });
        timer.cancel();
        context.poll();
    }
}
BENCHMARK(asio_timer_arm_and_cancel);

// Sleeps of 1 ms, many at a time: what counts is the CPU time beside the waiting.
constexpr int sleepers = 100;

Task<void> sleep_once() {
    co_await sleep_for(std::chrono::milliseconds(1));
}

Task<void> sleep_together(benchmark::State& state) {
    const AllocationCounter allocations(state);
    for (auto _ : state) {
        TaskGroup group;
        for (int sleeper = 0; sleeper < sleepers; ++sleeper) {
            group.spawn(sleep_once());
        }
        co_await group.join();
    }
    set_operations(state, sleepers);
}

void sleep_task(benchmark::State& state) {
    Loop loop;
    run(loop, sleep_together(state));
}
BENCHMARK(sleep_task);

AsioTask<void> asio_sleep_once(AsioContext& context, int& running) {
    boost::asio::basic_waitable_timer<Clock, boost::asio::wait_traits<Clock>, AsioContext::executor_type>
        timer(context, std::chrono::milliseconds(1));
    co_await timer.async_wait(AsioToken());
    --running;
}

void asio_sleep_awaitable(benchmark::State& state) {
    AsioContext context(1);
    const AllocationCounter allocations(state);
    for (auto _ : state) {
        int running = sleepers;
        for (int sleeper = 0; sleeper < sleepers; ++sleeper) {
            boost::asio::co_spawn(context, asio_sleep_once(context, running), boost::asio::detached);
        }
        context.restart();
        context.run();
        benchmark::DoNotOptimize(running);
    }
    set_operations(state, sleepers);
}
BENCHMARK(asio_sleep_awaitable);

}  // namespace
}  // namespace asyncbench
