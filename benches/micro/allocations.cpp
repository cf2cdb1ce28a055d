// What it costs that allocations are always counted (harness/measure/counting_new).
#include <benchmark/benchmark.h>

#include <cstdlib>
#include <new>

#include "harness/measure/allocations.hpp"

namespace asyncbench {
namespace {

constexpr std::size_t block_bytes = 64;

/// By name: a new-expression that nobody reads may be left out by the compiler.
void allocate_counted(benchmark::State& state) {
    for (auto _ : state) {
        void* memory = ::operator new(block_bytes);
        benchmark::DoNotOptimize(memory);
        ::operator delete(memory);
    }
}
BENCHMARK(allocate_counted);

/// What the C++ library's own operator new does.
void allocate_uncounted(benchmark::State& state) {
    for (auto _ : state) {
        void* memory = std::malloc(block_bytes);
        benchmark::DoNotOptimize(memory);
        std::free(memory);
    }
}
BENCHMARK(allocate_uncounted);

void count_one_allocation(benchmark::State& state) {
    for (auto _ : state) count_allocation();
}
BENCHMARK(count_one_allocation);

}  // namespace
}  // namespace asyncbench
