#pragma once

#include <sys/types.h>

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>

#include "async/executor.hpp"
#include "async/loop_handle.hpp"

namespace asyncbench {

/// Lends the thread that made it to others, while it waits in run(): async_to_sync() does so for the thread
/// that calls it. Several stand above each other where such calls nest.
class CurrentThreadExecutor final : public Executor, public LoopHandle::StopListener {
  public:
    /// `outer` is the one that takes jobs when this one has ended; null for none.
    explicit CurrentThreadExecutor(std::shared_ptr<CurrentThreadExecutor> outer);

    /// Runs `job` on the thread that waits in run(), or will; where that has ended, on the nearest outer one
    /// that has not. Throws Error where all have ended, and on the very thread that would have to run it.
    void submit(std::function<void()> job) override;
    /// As submit(); false where all have ended, with `job` as it was.
    bool try_submit(std::function<void()>& job);

    enum class Woken { finished, loop_stopped };
    /// Runs jobs on this thread, the one that made this, until finish() or loop_stopped() is called from
    /// another one. After finish() the jobs left are run, and it has ended.
    Woken run();

    void finish() noexcept;
    void loop_stopped() noexcept override;

  private:
    const pid_t process_;  // after fork(), nobody waits in the new process
    const std::thread::id thread_ = std::this_thread::get_id();
    const std::shared_ptr<CurrentThreadExecutor> outer_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<std::function<void()>> jobs_;
    bool finished_ = false;
    bool loop_stopped_ = false;
    bool ended_ = false;
};

}  // namespace asyncbench
