#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <exception>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

#include "async/executor.hpp"

namespace asyncbench {

/// A fixed number of threads that take jobs from one queue, first come, first served. All functions may be
/// called from any thread; submit() also from within a job.
class ThreadPool final : public Executor {
  public:
    /// Throws UsageError for no threads, Error where the system refuses one.
    explicit ThreadPool(std::size_t threads);
    /// Finishes what was submitted and joins. An exception of a job that no wait() took ends the program with
    /// a sentence, as with std::thread, unless another exception is on its way already.
    ~ThreadPool() override;
    ThreadPool(const ThreadPool&) = delete;
    ThreadPool& operator=(const ThreadPool&) = delete;

    std::size_t size() const { return threads_.size(); }

    /// Runs `job` on one of the threads. The first exception that a job throws is kept for wait(); the others
    /// are dropped.
    void submit(std::function<void()> job) override;

    /// As submit(), with the job's result or exception in a future.
    template <class F>
    auto submit_for_result(F&& job) -> std::future<std::invoke_result_t<std::decay_t<F>&>> {
        using Result = std::invoke_result_t<std::decay_t<F>&>;
        // Shared, as std::function copies what it holds and a packaged_task cannot be copied.
        auto task = std::make_shared<std::packaged_task<Result()>>(std::forward<F>(job));
        auto future = task->get_future();
        submit([task] { (*task)(); });
        return future;
    }

    /// Waits until every job submitted so far and meanwhile is done; throws the first exception that a job of
    /// submit() threw since the last wait(). Throws Error from within one of the pool's own jobs, which would
    /// wait for itself.
    void wait();

  private:
    void work();
    void stop_and_join() noexcept;

    std::mutex mutex_;
    std::condition_variable submitted_;
    std::condition_variable idle_;
    std::deque<std::function<void()>> jobs_;
    std::size_t unfinished_ = 0;
    std::exception_ptr first_error_;
    bool stopping_ = false;
    std::vector<std::thread> threads_;
};

}  // namespace asyncbench
