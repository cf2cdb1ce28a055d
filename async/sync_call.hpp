#pragma once

#include <sys/types.h>
#include <atomic>
#include <coroutine>
#include <memory>
#include <mutex>
#include <vector>

#include "async/cancellation.hpp"
#include "async/context.hpp"
#include "async/executor.hpp"
#include "async/loop.hpp"
#include "async/outcome.hpp"
#include "async/sensitive_threads.hpp"
#include "async/site.hpp"

namespace asyncbench::detail {

/// Where sync_to_async() runs a function.
class SyncPlace {
  public:
    enum class Kind { thread_sensitive, default_executor, given_executor };
    explicit SyncPlace(Kind kind) : kind_(kind) {}
    explicit SyncPlace(Executor& executor) : kind_(Kind::given_executor), executor_(&executor) {}
    Kind kind() const { return kind_; }
    Executor& executor() const { return *executor_; }

  private:
    Kind kind_;
    Executor* executor_ = nullptr;
};

/// One call of a function on behalf of a task, by sync_to_async(). Shared by the task that awaits it and the
/// thread that runs it, and so outlives a task that leaves.
class SyncCall : public std::enable_shared_from_this<SyncCall> {
  public:
    explicit SyncCall(std::shared_ptr<Context> context) : given_context_(std::move(context)) {}
    virtual ~SyncCall() = default;
    SyncCall(const SyncCall&) = delete;
    SyncCall& operator=(const SyncCall&) = delete;

    /// The one that this thread runs, the innermost; null where it runs none, or fork() came in between.
    static SyncCall* current() noexcept;

    /// That of the task that awaits it.
    const LoopHandle& loop() const { return loop_; }

    /// That it runs on; null for any that is no SingleThread. On that thread.
    const std::shared_ptr<OccupiedThread>& occupied_thread() const { return occupied_; }

    /// While it lives, the function waits for a task, which `source` can cancel. Made, and ends, on that
    /// task's loop.
    class WaitsForTask {
      public:
        /// Cancels at once where the call is cancelled already. `call` may be null, for none.
        WaitsForTask(SyncCall* call, std::shared_ptr<CancellationSource> source);
        ~WaitsForTask();
        WaitsForTask(const WaitsForTask&) = delete;
        WaitsForTask& operator=(const WaitsForTask&) = delete;

      private:
        SyncCall* call_;
    };

  private:
    friend class AwaitSyncCall;
    struct Inner {
        LoopHandle loop;
        std::shared_ptr<CancellationSource> source;
    };
    enum class State { waiting, running, withdrawn };

    virtual void invoke() noexcept = 0;

    void submit(const SyncPlace& place, const Site& site);
    void submit_sensitive(std::function<void()> job, const Site& site);
    void submit_to_single_thread(SingleThread& thread, std::function<void()> job, const Site& site);
    void run();
    bool cancel();
    void give_context_back() noexcept;

    LoopHandle loop_;
    std::shared_ptr<Context> given_context_;  // null: a copy of that of the task
    Context context_;
    std::shared_ptr<OccupiedThread> occupied_;
    std::coroutine_handle<> awaiting_;  // loop thread only
    std::atomic<State> state_ = State::waiting;
    pid_t process_ = 0;

    std::mutex mutex_;
    bool cancelled_ = false;
    std::vector<Inner> inner_;  // the last one is the innermost
};

template <class R>
class SyncCallFor : public SyncCall {
  public:
    using SyncCall::SyncCall;
    R take() { return outcome_.take(); }

  protected:
    Outcome<R> outcome_;
};

/// Submits the call, and waits for its end.
class AwaitSyncCall {
  public:
    AwaitSyncCall(std::shared_ptr<SyncCall> call, const SyncPlace& place, const Site& site)
        : call_(std::move(call)), place_(place), site_(site) {}
    AwaitSyncCall(const AwaitSyncCall&) = delete;
    AwaitSyncCall& operator=(const AwaitSyncCall&) = delete;
    ~AwaitSyncCall();

    static bool await_ready() noexcept { return false; }
    template <class Promise>
    bool await_suspend(std::coroutine_handle<Promise> awaiting) {
        return begin(awaiting, cancellation_token(awaiting));
    }
    /// Throws CancelledError where the wait ended before the call.
    void await_resume();

  private:
    bool begin(std::coroutine_handle<> awaiting, const CancellationToken& token);

    std::shared_ptr<SyncCall> call_;
    SyncPlace place_;
    Site site_;
    bool left_ = false;
    CancellationCallback registration_;
    ReadyNode ready_;
};

}  // namespace asyncbench::detail
