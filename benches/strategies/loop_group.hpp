#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "harness/async/loop.hpp"
#include "harness/http/async_session.hpp"
#include "harness/load/strategy.hpp"

namespace asyncbench {

/// The event loops of one strategy, each with a session of its own: what `loops=N` means. The first loop runs
/// on the caller's thread, each further one has a thread.
class LoopGroup {
  public:
    struct Worker {
        explicit Worker(const SessionOptions& options) : session(loop, options) {}
        Loop loop;
        AsyncSession session;
        std::uint32_t users = 0;  ///< its share of the concurrency
    };

    /// Reads `loops` from the strategy's parameters.
    explicit LoopGroup(const StrategyOptions& options);

    /// Calls `work` once for each loop, on that loop's thread, and returns when all calls have returned.
    /// Rethrows the first exception.
    void run(const std::function<void(Worker&)>& work);

    /// Of the last run().
    StrategyStats stats() const { return stats_; }

  private:
    std::vector<std::unique_ptr<Worker>> workers_;
    StrategyStats stats_;
};

}  // namespace asyncbench
