#include "async/async_to_sync.hpp"

#include <fmt/format.h>

#include <atomic>
#include <exception>
#include <optional>
#include <system_error>
#include <thread>

#include "async/cancellation.hpp"
#include "async/current_thread_executor.hpp"
#include "async/errors.hpp"
#include "async/loop.hpp"
#include "async/run.hpp"
#include "async/sensitive_threads.hpp"
#include "async/sync_call.hpp"
#include "async/would_deadlock.hpp"

namespace asyncbench {

namespace {

ContextVar<std::shared_ptr<SingleThread>>& single_thread_variable() {
    static ContextVar<std::shared_ptr<SingleThread>> variable("AsyncSingleThreadContext");
    return variable;
}

}  // namespace

namespace detail {
namespace {

// One call, as the calling thread has it, which outlives all that refers to it.
struct AsyncCall {
    const std::function<Task<void>()>& make;
    SyncCall* caller;  // the call of sync_to_async() that makes this one; null for none
    std::shared_ptr<CurrentThreadExecutor> executor;
    Context context;  // at first that of the caller, then that of the task's end
    Site site;
    // Set before executor->finish().
    std::exception_ptr error = nullptr;
};

Task<void> perform(AsyncCall& call) {
    const CancellationToken outer = co_await current_cancellation();
    const auto source = std::make_shared<CancellationSource>(outer);
    const SyncCall::WaitsForTask waits(call.caller, source);
    Task<void> task = call.make();
    co_await std::move(task).with_cancellation(source->token());
    call.context = copy_context();
}

// The task of a call on a loop that runs already. Owned by that loop: first by the posted function, then as
// adopted work, which run() ends.
class OnRunningLoop final : public Completion, public AdoptedWork {
  public:
    OnRunningLoop(AsyncCall& call, std::shared_ptr<std::atomic<bool>> taken)
        : call_(call), executor_(call.executor), taken_(std::move(taken)) {}
    OnRunningLoop(const OnRunningLoop&) = delete;
    OnRunningLoop& operator=(const OnRunningLoop&) = delete;
    ~OnRunningLoop() override {
        if (loop_ != nullptr && !ended_) {
            std::move(task_).discard();
            call_.error = std::make_exception_ptr(Error(
                "The loop that ran the task of an async_to_sync call ended before the task did; keep the "
                "loop running until its functions in other threads have ended."));
            executor_->finish();
        }
    }

    void start(const std::shared_ptr<OnRunningLoop>& self) {
        if (taken_->exchange(true)) {
            return;  // the caller does not wait for this loop any more
        }
        loop_ = &Loop::require_current("async_to_sync");
        loop_->adopt(self);
        task_ = perform(call_).with_cancellation(source_.token());
        call_.context.run([this] { task_.start(*this); });
    }

    std::coroutine_handle<> completed(PromiseBase& task) noexcept override {
        ended_ = true;
        call_.error = task.error();
        const auto executor = executor_;
        loop_->release(*this);  // ends this object, unless start() is under way
        executor->finish();
        return std::noop_coroutine();
    }
    void cancel() noexcept override { source_.cancel(); }

  private:
    AsyncCall& call_;
    std::shared_ptr<CurrentThreadExecutor> executor_;
    std::shared_ptr<std::atomic<bool>> taken_;  // by the loop, or back by the caller
    CancellationSource source_;
    Loop* loop_ = nullptr;  // once started
    bool ended_ = false;
    Task<void> task_;
};

// Whether the task ran there: not where the loop does not run, or stopped before the task's first step.
bool run_on_running_loop(AsyncCall& call, const LoopHandle& loop) {
    const auto taken = std::make_shared<std::atomic<bool>>(false);
    auto posted = [work = std::make_shared<OnRunningLoop>(call, taken)] { work->start(work); };
    if (!loop.post_while_running(std::move(posted), *call.executor)) {
        return false;
    }
    while (call.executor->run() == CurrentThreadExecutor::Woken::loop_stopped) {
        if (!taken->exchange(true)) {
            return false;
        }
        // It has begun: whoever runs that loop again, or ends it, ends the task.
    }
    loop.forget(*call.executor);
    return true;
}

void run_new_loop(AsyncCall& call) noexcept {
    try {
        Loop loop;
        loop.set_waiting_thread(call.executor);
        // A copy, as the task's end changes the call's.
        Context context = call.context;
        context.run([&] { run(loop, perform(call)); });
    } catch (...) {
        call.error = std::current_exception();
    }
    // The caller may go on, and `call` with it, as soon as it is told.
    const auto executor = call.executor;
    executor->finish();
}

void run_on_new_loop(AsyncCall& call) {
    if (const auto single = single_thread_variable().get_or(nullptr)) {
        require_free(*single, "async_to_sync", call.site);
        const auto occupied = call.context.run([&] { return occupy(*single); });
        auto token = call.context.run([&] { return occupied_thread_variable().set(occupied); });
        single->submit([&call] { run_new_loop(call); });
        call.executor->run();
        occupied->occupied = false;
        call.context.run([&] { occupied_thread_variable().reset(std::move(token)); });
        return;
    }
    std::thread thread;
    try {
        thread = std::thread([&call] { run_new_loop(call); });
    } catch (const std::system_error& error) {
        throw Error(
            fmt::format("The system gave no thread for the loop of async_to_sync ({}); run fewer, or "
                        "raise the limit of processes (ulimit -u).",
                        error.what()));
    }
    call.executor->run();
    thread.join();
}

}  // namespace

void run_async_call(const std::function<Task<void>()>& make, bool on_new_loop, const Site& site) {
    require_not_on_loop("async_to_sync", site);
    SyncCall* const caller = SyncCall::current();
    AsyncCall call{make, caller, nullptr, copy_context(), site};
    auto& waiting = waiting_thread_variable();
    auto& occupied = occupied_thread_variable();
    call.executor = std::make_shared<CurrentThreadExecutor>(waiting.get_or(nullptr));
    auto waiting_token = call.context.run([&] { return waiting.set(call.executor); });
    // This thread is lent to the task, and does not wait for what the task leaves behind.
    auto outer = occupied.get_or(nullptr);
    if (caller != nullptr && outer != nullptr && outer == caller->occupied_thread()) {
        outer = outer->outer;
    }
    auto occupied_token = call.context.run([&] { return occupied.set(outer); });

    if (on_new_loop || caller == nullptr || !run_on_running_loop(call, caller->loop())) {
        run_on_new_loop(call);
    }
    call.context.run([&] {
        occupied.reset(std::move(occupied_token));
        waiting.reset(std::move(waiting_token));
    });
    Context::current() = std::move(call.context);
    if (call.error != nullptr) {
        std::rethrow_exception(std::exchange(call.error, nullptr));
    }
}

}  // namespace detail

AsyncSingleThreadContext::AsyncSingleThreadContext() {
    if (single_thread_variable().get_or(nullptr) == nullptr) {
        token_.emplace(single_thread_variable().set(std::make_shared<SingleThread>()));
    }
}

AsyncSingleThreadContext::~AsyncSingleThreadContext() {
    if (token_ && where_ == &Context::current()) {
        single_thread_variable().reset(std::move(*token_));
    }
}

}  // namespace asyncbench
