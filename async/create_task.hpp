#pragma once

#include <coroutine>
#include <memory>
#include <utility>

#include "async/cancellation.hpp"
#include "async/errors.hpp"
#include "async/loop.hpp"
#include "async/task.hpp"

namespace asyncbench {

namespace detail {

/// What all tasks of create_task() share. The loop owns it until the task is done, the handle as long as
/// there is one. Loop thread only.
class BackgroundWork : public Completion, public AdoptedWork {
  public:
    explicit BackgroundWork(const CancellationToken& outer)
        : loop_(Loop::require_current("create_task")), source_(outer) {}
    BackgroundWork(const BackgroundWork&) = delete;
    BackgroundWork& operator=(const BackgroundWork&) = delete;

    void cancel() noexcept override { source_.cancel(); }
    std::coroutine_handle<> completed(PromiseBase& task) noexcept override;

    bool done() const { return done_; }

  protected:
    /// Throws Error the second time.
    void take_result();
    Loop& loop() const { return loop_; }
    CancellationToken token() const { return source_.token(); }

  private:
    friend class AwaitBackground;

    Loop& loop_;
    CancellationSource source_;
    std::coroutine_handle<> awaiting_;  // while one waits
    CancellationCallback outer_;        // of the one that waits
    bool done_ = false;
    bool taken_ = false;
};

template <class T>
class BackgroundTask final : public BackgroundWork {
  public:
    explicit BackgroundTask(Task<T> task)
        : BackgroundWork(task.cancellation_or({})), task_(std::move(task).with_cancellation(token())) {}

    static std::shared_ptr<BackgroundTask> start(Task<T> task) {
        auto work = std::make_shared<BackgroundTask>(std::move(task));
        work->loop().adopt(work);
        work->task_.start(*work);
        return work;
    }

    T result() {
        this->take_result();
        return task_.result();
    }

  private:
    Task<T> task_;
};

/// What the end of a wait does to the work when the one that waits is cancelled.
enum class WhenCancelled {
    cancel_work,  ///< the work is asked to end, and waited for
    leave_work,   ///< the wait ends, the work goes on
};

class AwaitBackground {
  public:
    AwaitBackground(std::shared_ptr<BackgroundWork> work, WhenCancelled when_cancelled)
        : work_(std::move(work)), when_cancelled_(when_cancelled) {}
    AwaitBackground(const AwaitBackground&) = delete;
    AwaitBackground& operator=(const AwaitBackground&) = delete;
    ~AwaitBackground() { stop_waiting(); }

    bool await_ready() const noexcept { return work_->done(); }
    template <class Promise>
    bool await_suspend(std::coroutine_handle<Promise> awaiting) {
        return begin(awaiting, cancellation_token(awaiting));
    }

  protected:
    /// Throws CancelledError where the wait ended before the work.
    void wait_ended();

  private:
    bool begin(std::coroutine_handle<> awaiting, const CancellationToken& token);
    void stop_waiting() noexcept;

    std::shared_ptr<BackgroundWork> work_;
    WhenCancelled when_cancelled_;
    std::coroutine_handle<> awaiting_;
    bool left_ = false;
    ReadyNode ready_;
};

}  // namespace detail

/// A task that runs by itself, made by create_task(): the handle to wait for it, cancel it, or let it go.
/// Loop thread only.
template <class T = void>
class RunningTask {
  public:
    RunningTask() = default;  ///< empty; may only be assigned to
    RunningTask(RunningTask&&) noexcept = default;
    RunningTask& operator=(RunningTask&&) noexcept = default;
    /// Lets the task go: it runs on, and its result is dropped.
    ~RunningTask() = default;

    /// Whether it refers to a task: not so after it was moved from or awaited.
    bool valid() const { return work_ != nullptr; }
    /// Whether the task ran to its end.
    bool done() const { return work_ != nullptr && work_->done(); }

    /// Asks the task to end: its wait under way, and each that follows, ends with CancelledError. Awaiting it
    /// tells how it ended.
    void cancel() {
        require_valid();
        work_->cancel();
    }

    class [[nodiscard("it is not waited for until it is awaited")]] Awaiter : public detail::AwaitBackground {
      public:
        Awaiter(std::shared_ptr<detail::BackgroundTask<T>> work, detail::WhenCancelled when_cancelled)
            : AwaitBackground(work, when_cancelled), work_(std::move(work)) {}
        T await_resume() {
            this->wait_ended();
            return work_->result();
        }

      private:
        std::shared_ptr<detail::BackgroundTask<T>> work_;
    };
    /// `co_await std::move(running)`: waits for the task's end, and gives its result or throws what it threw.
    /// Where the task that waits is cancelled, so is this one, and then waited for; shield() prevents that.
    /// Throws Error where the handle is empty.
    Awaiter operator co_await() && {
        require_valid();
        return Awaiter(std::move(work_), detail::WhenCancelled::cancel_work);
    }

  private:
    template <class U>
    friend RunningTask<U> create_task(Task<U> task);
    template <class U>
    friend Task<U> shield(RunningTask<U>& running, Site site);

    explicit RunningTask(std::shared_ptr<detail::BackgroundTask<T>> work) : work_(std::move(work)) {}
    void require_valid() const {
        if (work_ == nullptr) [[unlikely]] {
            throw Error(
                "An empty RunningTask was used: it was moved from or awaited before. A running task is "
                "awaited once.");
        }
    }

    std::shared_ptr<detail::BackgroundTask<T>> work_;
};

/// Runs `task` beside the one that calls this, as asyncio.create_task: up to its first wait before it returns
/// (as TaskGroup::spawn does, and asyncio with an eager task factory), then whenever it is its turn. It runs
/// on when the handle or the task that called this ends; run() at its end cancels what still runs, and waits
/// for it. So whatever it uses must be its own, or live as long as the loop; a TaskGroup keeps tasks within a
/// scope instead.
///
/// The task is no part of what called this: cancelling that does not cancel it. Throws Error where no loop
/// runs on this thread.
template <class T>
RunningTask<T> create_task(Task<T> task) {
    return RunningTask<T>(detail::BackgroundTask<T>::start(std::move(task)));
}

}  // namespace asyncbench
