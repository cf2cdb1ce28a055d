// A fixed number of threads, each of which works like the sequential code. While one waits, the others work;
// more requests at once than there are threads wait for a free one.

#include <algorithm>
#include <memory>
#include <thread>
#include <vector>

#include "async/thread_pool.hpp"
#include "benches/strategies/strategies.hpp"

namespace asyncbench {
namespace {

class ThreadPoolStrategy final : public Strategy {
  public:
    explicit ThreadPoolStrategy(const StrategyOptions& options)
        : threads_(options.count("threads", std::min(options.concurrency, 1024U))), pool_(threads_) {
        for (std::uint32_t i = 0; i < threads_; ++i) {
            clients_.push_back(options.service->blocking());
        }
    }

    void run(Plan& plan, Recorder& recorder) override {
        // More workers than the plan allows requests at once would load the target with more than was asked
        // for.
        const std::uint32_t workers = std::min(threads_, plan.concurrency());
        for (std::uint32_t i = 0; i < workers; ++i) {
            pool_.submit([&plan, &recorder, &client = *clients_[i]] { work(plan, recorder, client); });
        }
        pool_.wait();
    }

    StrategyStats stats() const override { return {.threads = threads_, .loops = std::nullopt}; }

  private:
    static void work(Plan& plan, Recorder& recorder, BlockingClient& client) {
        while (const auto ticket = plan.next()) {
            std::this_thread::sleep_until(ticket->intended_start);
            const auto exchange = recorder.begin(*ticket);
            const Response response = client.request(*ticket);
            recorder.end(exchange, response);
        }
    }

    std::uint32_t threads_;
    std::vector<std::unique_ptr<BlockingClient>> clients_;
    ThreadPool pool_;
};

}  // namespace

std::unique_ptr<Strategy> make_thread_pool(const StrategyOptions& options) {
    return std::make_unique<ThreadPoolStrategy>(options);
}

}  // namespace asyncbench
