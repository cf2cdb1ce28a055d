#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "async/loop.hpp"
#include "harness/load/strategy.hpp"

namespace asyncbench {

/// The event loops of one strategy, each with a client of its own: what `loops=N` means. The first loop runs
/// on the caller's thread, each further one has a thread.
class LoopGroup {
  public:
    struct Worker {
        Worker(Service& service, std::uint32_t its_users)
            : users(its_users), client(service.on(loop, its_users)) {}
        Loop loop;
        std::uint32_t users;  ///< its share of the concurrency
        std::unique_ptr<LoopClient> client;
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
