#pragma once

#include <httplib.h>

#include <condition_variable>
#include <cstddef>
#include <functional>
#include <mutex>

namespace asyncbench::blocking {

/// Runs each of cpp-httplib's tasks, which are connections, in a thread of its own.
class ThreadPerConnection : public httplib::TaskQueue {
  public:
    explicit ThreadPerConnection(std::size_t most_threads) : most_threads_(most_threads) {}

    /// Starts the thread. Where there cannot be one more, runs `connection` here, with is_refusing().
    void enqueue(std::function<void()> connection) override;
    /// Waits for all threads.
    void shutdown() override;

    /// Whether the task that asks has no thread and must end at once.
    static bool is_refusing();

  private:
    struct Job;

    bool start(std::function<void()> connection);
    static void* run(void* job);

    std::size_t most_threads_;
    std::mutex mutex_;
    std::condition_variable ended_;
    std::size_t threads_ = 0;
};

}  // namespace asyncbench::blocking
