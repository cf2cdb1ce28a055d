// A new thread for each request, at most `concurrency` at once. Nothing to size and nothing to queue for, at
// the price of making and ending a thread every time. Connections outlive their threads in a pool of
// clients.

#include <algorithm>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <string>
#include <system_error>
#include <thread>
#include <utility>

#include "async/errors.hpp"
#include "benches/strategies/strategies.hpp"
#include "harness/work/client_pool.hpp"

namespace asyncbench {
namespace {

class ThreadPerRequest final : public Strategy {
  public:
    explicit ThreadPerRequest(const StrategyOptions& options)
        : clients_(*options.service), most_(options.concurrency) {}

    void run(Plan& plan, Recorder& recorder) override {
        peak_ = 0;
        {
            const AllEnded threads_end_before_plan_and_recorder(*this);
            while (const auto ticket = plan.next()) {
                std::this_thread::sleep_until(ticket->intended_start);
                if (!start(*ticket, recorder)) break;
                wait_until_fewer_than(most_);
            }
        }
        if (failure_) std::rethrow_exception(std::exchange(failure_, nullptr));
    }

    StrategyStats stats() const override { return {.threads = peak_, .loops = std::nullopt}; }

  private:
    /// Waits for all threads, whatever ends the run.
    struct AllEnded {
        explicit AllEnded(ThreadPerRequest& owner) : strategy(owner) {}
        ~AllEnded() { strategy.wait_until_fewer_than(1); }
        AllEnded(const AllEnded&) = delete;
        AllEnded& operator=(const AllEnded&) = delete;
        ThreadPerRequest& strategy;
    };

    /// False where the system gives no thread.
    bool start(const Ticket& ticket, Recorder& recorder) {
        {
            const std::lock_guard lock(mutex_);
            peak_ = std::max(peak_, ++running_);
        }
        try {
            std::thread([this, ticket, &recorder] { send(ticket, recorder); }).detach();
            return true;
        } catch (const std::system_error& error) {
            const std::lock_guard lock(mutex_);
            --running_;
            failure_ = std::make_exception_ptr(
                Error(std::string("The system gives no further thread (") + error.what() +
                      "); lower -c, or raise the limits of processes and memory (ulimit -u, ulimit -v)."));
            return false;
        }
    }

    void send(const Ticket& ticket, Recorder& recorder) {
        std::exception_ptr failure;
        try {
            const auto exchange = recorder.begin(ticket);
            const Response response = clients_.request(ticket);
            recorder.end(exchange, response);
        } catch (...) {
            failure = std::current_exception();
        }
        // Told under the lock: the waiter may destroy this object as soon as it can take it.
        const std::lock_guard lock(mutex_);
        if (failure) failure_ = failure;
        --running_;
        ended_.notify_one();
    }

    void wait_until_fewer_than(std::uint32_t threads) {
        std::unique_lock lock(mutex_);
        ended_.wait(lock, [&] { return running_ < threads; });
    }

    ClientPool clients_;
    std::uint32_t most_;
    std::mutex mutex_;
    std::condition_variable ended_;
    std::uint32_t running_ = 0;
    std::uint32_t peak_ = 0;
    std::exception_ptr failure_;
};

}  // namespace

std::unique_ptr<Strategy> make_thread_per_request(const StrategyOptions& options) {
    return std::make_unique<ThreadPerRequest>(options);
}

}  // namespace asyncbench
