#pragma once

#include <benchmark/benchmark.h>

#include <cstdint>

#include "harness/measure/allocations.hpp"

namespace asyncbench {

/// Reports the allocations between its making and its end as `allocations_per_op`, in each thread of a
/// benchmark.
class AllocationCounter {
  public:
    explicit AllocationCounter(benchmark::State& state) : state_(state), before_(thread_allocations()) {}
    ~AllocationCounter() {
        // Read before the counter itself allocates its name.
        const auto allocations = static_cast<double>(thread_allocations() - before_);
        state_.counters["allocations_per_op"] =
            benchmark::Counter(allocations, benchmark::Counter::kAvgIterations);
    }
    AllocationCounter(const AllocationCounter&) = delete;
    AllocationCounter& operator=(const AllocationCounter&) = delete;

  private:
    benchmark::State& state_;
    std::uint64_t before_;
};

}  // namespace asyncbench
