#pragma once

#include <coroutine>
#include <cstddef>
#include <exception>

#include "async/cancellation.hpp"
#include "async/ring.hpp"
#include "async/task.hpp"

namespace asyncbench {

/// Tasks that run concurrently and end together:
///
///     TaskGroup group;
///     group.spawn(read(connection));
///     group.spawn(write(connection));
///     co_await group.join();
///
/// Nothing runs on after join(): it waits for every task. The first exception of a task cancels the others,
/// and join() throws it once all have ended; their exceptions are dropped. A task that ends with
/// CancelledError does not fail the group. Where the task that waits in join() is cancelled, the group is,
/// and join() throws CancelledError once all have ended.
///
/// A group that ends while tasks run - its owner threw before join(), or was itself destroyed - destroys them
/// where they wait: their local variables end, and they never go on. Their local variables end before those
/// declared before the group. That is reported as a loss (task_faults.hpp) unless the owner failed, was
/// itself destroyed, or cancelled the group. Loop thread only; serves for one join().
class TaskGroup {
  public:
    TaskGroup() = default;
    ~TaskGroup();
    TaskGroup(const TaskGroup&) = delete;
    TaskGroup& operator=(const TaskGroup&) = delete;

    /// Runs `task` up to its first wait before it returns. Its frame ends when it is done. Tasks of the group
    /// may spawn further ones. In a group that is cancelled already, the first wait of `task` ends at once.
    void spawn(Task<void> task);

    /// Asks all tasks, also those still to come, to end.
    void cancel() noexcept { source_.cancel(); }

    std::size_t running() const { return running_; }

    class [[nodiscard("join() does nothing until it is awaited")]] Join {
      public:
        explicit Join(TaskGroup& group) : group_(group) {}
        static bool await_ready() noexcept { return false; }
        template <class Promise>
        bool await_suspend(std::coroutine_handle<Promise> awaiting) {
            return begin(awaiting, cancellation_token(awaiting));
        }
        void await_resume();

      private:
        bool begin(std::coroutine_handle<> awaiting, const CancellationToken& token);
        TaskGroup& group_;
        CancellationToken outer_;
        CancellationCallback registration_;
    };

    /// Throws Error where another task waits in join() already.
    Join join() { return Join(*this); }

  private:
    class Child;
    std::coroutine_handle<> ended(const TaskInfo& task, std::exception_ptr error) noexcept;

    CancellationSource source_;
    detail::RingLink children_;
    std::size_t running_ = 0;
    std::exception_ptr first_error_;  // until join() throws it
    TaskInfo failed_{};               // the task that threw it
    std::coroutine_handle<> joining_;
};

}  // namespace asyncbench
