// What a finding costs: a task that nobody awaited is reported to a sink that counts.
#include <benchmark/benchmark.h>

#include <cstdint>

#include "async/detect/finding.hpp"
#include "async/task.hpp"
#include "benches/micro/allocation_counter.hpp"

namespace asyncbench {
namespace {

class CountingSink final : public FindingSink {
  public:
    void found(const Finding&) noexcept override { ++count_; }
    std::int64_t count() const { return count_; }

  private:
    std::int64_t count_ = 0;
    ReceiveFindings receive_{*this};
};

Task<int> child(int value) {
    co_return value;
}

void forget_task(benchmark::State& state) {
    const CountingSink sink;
    const AllocationCounter allocations(state);
    for (auto _ : state) {
        const Task<int> task = child(1);
        benchmark::DoNotOptimize(task.valid());
    }
    if (sink.count() != state.iterations()) {
        state.SkipWithError("not every forgotten task was reported");
    }
}
BENCHMARK(forget_task);

}  // namespace
}  // namespace asyncbench
