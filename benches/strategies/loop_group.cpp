#include "benches/strategies/loop_group.hpp"

#include <algorithm>
#include <exception>
#include <mutex>
#include <thread>

namespace asyncbench {

LoopGroup::LoopGroup(const StrategyOptions& options) {
    const std::uint32_t loops = std::min(options.count("loops", 1), options.concurrency);
    for (std::uint32_t i = 0; i < loops; ++i) {
        const std::uint32_t users = options.concurrency / loops + (i < options.concurrency % loops ? 1 : 0);
        workers_.push_back(std::make_unique<Worker>(*options.service, users));
    }
}

void LoopGroup::run(const std::function<void(Worker&)>& work) {
    for (const auto& worker : workers_) worker->loop.reset_stats();

    std::mutex failure_mutex;
    std::exception_ptr failure;
    const auto guarded = [&](Worker& worker) {
        try {
            work(worker);
        } catch (...) {
            const std::lock_guard lock(failure_mutex);
            if (!failure) failure = std::current_exception();
        }
    };
    {
        std::vector<std::jthread> threads;
        for (std::size_t i = 1; i < workers_.size(); ++i) {
            threads.emplace_back([&guarded, &worker = *workers_[i]] { guarded(worker); });
        }
        guarded(*workers_[0]);
    }
    if (failure) std::rethrow_exception(failure);

    StrategyStats::Loops total;
    for (const auto& worker : workers_) {
        const LoopStats stats = worker->loop.stats();
        total.busy += stats.busy;
        total.total += stats.total;
        total.longest_busy = std::max(total.longest_busy, stats.longest_busy);
        total.longest_lag = std::max(total.longest_lag, stats.longest_lag);
    }
    stats_ = {.threads = static_cast<std::uint32_t>(workers_.size()), .loops = total};
}

}  // namespace asyncbench
