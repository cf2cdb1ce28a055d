// Threads: a job handed to a pool and waited for, and a thread made for it. Wall time, as most of it is
// waiting for another thread to wake up.
#include <benchmark/benchmark.h>

#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_future.hpp>
#include <cstddef>
#include <thread>

#include "async/thread_pool.hpp"
#include "benches/micro/allocation_counter.hpp"
#include "benches/micro/hops.hpp"

namespace asyncbench {
namespace {

constexpr std::size_t pool_threads = 2;
constexpr int jobs = 100;

void pool_submit_and_wait(benchmark::State& state) {
    ThreadPool pool(pool_threads);
    const AllocationCounter allocations(state);
    for (auto _ : state) {
        pool.submit_for_result([] { return 1; }).get();
    }
}
BENCHMARK(pool_submit_and_wait)->UseRealTime();

void asio_pool_submit_and_wait(benchmark::State& state) {
    boost::asio::thread_pool pool(pool_threads);
    const AllocationCounter allocations(state);
    for (auto _ : state) {
        boost::asio::post(pool, boost::asio::use_future([] { return 1; })).get();
    }
}
BENCHMARK(asio_pool_submit_and_wait)->UseRealTime();

void pool_submit_many(benchmark::State& state) {
    ThreadPool pool(pool_threads);
    const AllocationCounter allocations(state);
    for (auto _ : state) {
        for (int job = 0; job < jobs; ++job) {
            pool.submit([] {});
        }
        pool.wait();
    }
    set_operations(state, jobs);
}
BENCHMARK(pool_submit_many)->UseRealTime();

void thread_create_and_join(benchmark::State& state) {
    const AllocationCounter allocations(state);
    for (auto _ : state) {
        std::thread([] {}).join();
    }
}
BENCHMARK(thread_create_and_join)->UseRealTime();

}  // namespace
}  // namespace asyncbench
