// What it costs to record a sample, and whether it allocates: the target is under 50 ns and no allocation.
#include <benchmark/benchmark.h>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <random>
#include <vector>

#include "async/concurrent_histogram.hpp"
#include "async/histogram.hpp"
#include "benches/micro/allocation_counter.hpp"

namespace asyncbench {
namespace {

/// Service times with a median of 20 ms and a p99 of 80 ms: some thousand counters take part, so that
/// neither the cache nor branch prediction sees one value over and over.
const std::vector<std::int64_t>& service_times() {
    static const std::vector<std::int64_t> values = [] {
        std::mt19937_64 random(1);
        std::lognormal_distribution<double> nanoseconds(std::log(20e6), std::log(4.0) / 2.3263);
        std::vector<std::int64_t> result(std::size_t{1} << 16U);
        for (auto& value : result) value = static_cast<std::int64_t>(nanoseconds(random));
        return result;
    }();
    return values;
}

template <typename Recorder>
void record_all(benchmark::State& state, Recorder& recorder) {
    const auto& values = service_times();
    // Threads start apart, or they would meet at the same counter every time.
    std::size_t next = static_cast<std::size_t>(state.thread_index()) * values.size() / 2;
    const AllocationCounter allocations(state);
    for (auto _ : state) recorder.record(values[next++ % values.size()]);
}

void concurrent_histogram_record(benchmark::State& state) {
    static ConcurrentHistogram histogram;
    record_all(state, histogram);
}
BENCHMARK(concurrent_histogram_record)->Threads(1)->Threads(2)->UseRealTime();

void histogram_record(benchmark::State& state) {
    Histogram histogram;
    // Its largest value first: afterwards it has nothing to grow for.
    for (const auto value : service_times()) histogram.record(value);
    record_all(state, histogram);
}
BENCHMARK(histogram_record)->Threads(1)->Threads(2)->UseRealTime();

void concurrent_histogram_snapshot(benchmark::State& state) {
    ConcurrentHistogram histogram;
    for (const auto value : service_times()) histogram.record(value);
    for (auto _ : state) benchmark::DoNotOptimize(histogram.snapshot());
}
BENCHMARK(concurrent_histogram_snapshot);

}  // namespace
}  // namespace asyncbench
