#pragma once

#include <functional>
#include <memory>

namespace asyncbench {

/// Runs functions on threads of its own, or on one that it was lent.
class Executor {
  public:
    virtual ~Executor() = default;
    /// Runs `job` soon. From any thread.
    virtual void submit(std::function<void()> job) = 0;
};

/// One thread, started with the first job, that runs jobs in the order they came. A job must not throw: that
/// ends the program. Its end does not wait for the thread, which finishes the jobs it has and ends then; so
/// it may end on a loop.
class SingleThread final : public Executor {
  public:
    SingleThread();
    ~SingleThread() override;
    SingleThread(const SingleThread&) = delete;
    SingleThread& operator=(const SingleThread&) = delete;

    /// Throws Error where the system refuses the thread.
    void submit(std::function<void()> job) override;

    bool is_this_thread() const noexcept;

  private:
    struct Queue;
    std::shared_ptr<Queue> queue_;
};

}  // namespace asyncbench
