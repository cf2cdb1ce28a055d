#pragma once

#include <benchmark/benchmark.h>

#include <cstdint>

namespace asyncbench {

/// Says when all of several chains of hops end: a State may not be asked again after its last iteration.
class Hops {
  public:
    explicit Hops(benchmark::State& state) : state_(state) {}
    bool more() {
        running_ = running_ && state_.KeepRunning();
        return running_;
    }

  private:
    benchmark::State& state_;
    bool running_ = true;
};

/// Says that an iteration is `count` of the operations that the benchmark is named after.
inline void set_operations(benchmark::State& state, std::int64_t count) {
    state.counters["operations"] = static_cast<double>(count);
}

}  // namespace asyncbench
