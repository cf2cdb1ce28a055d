#include "async/sync_call.hpp"

#include <unistd.h>

#include <utility>

namespace asyncbench::detail {

namespace {
constinit thread_local SyncCall* current_call = nullptr;
}

SyncCall* SyncCall::current() noexcept {
    return current_call != nullptr && current_call->process_ == getpid() ? current_call : nullptr;
}

void SyncCall::submit(const SyncPlace& place, const Site& site) {
    loop_ = Loop::require_current("sync_to_async").handle();
    context_ = copy_context();
    std::function<void()> job = [call = shared_from_this()] { call->run(); };
    switch (place.kind()) {
        case SyncPlace::Kind::thread_sensitive:
            submit_sensitive(std::move(job), site);
            break;
        case SyncPlace::Kind::default_executor:
            Loop::require_current("sync_to_async").default_executor().submit(std::move(job));
            break;
        case SyncPlace::Kind::given_executor:
            place.executor().submit(std::move(job));
            break;
    }
}

// asgiref's order: the nearest thread that waits for this task, the context's thread, the thread that waits
// for this loop, the process's thread.
void SyncCall::submit_sensitive(std::function<void()> job, const Site& site) {
    if (const auto waiting = waiting_thread_variable().get_or(nullptr); waiting && waiting->try_submit(job)) {
        return;
    }
    if (const auto own = sensitive_thread_variable().get_or(nullptr)) {
        submit_to_single_thread(*own, std::move(job), site);
        return;
    }
    const auto& waiting = Loop::require_current("sync_to_async").waiting_thread();
    if (waiting != nullptr && waiting->try_submit(job)) {
        return;
    }
    submit_to_single_thread(process_wide_thread(), std::move(job), site);
}

void SyncCall::submit_to_single_thread(SingleThread& thread, std::function<void()> job, const Site& site) {
    require_free(thread, "sync_to_async", site);
    occupied_ = occupy(thread);
    thread.submit(std::move(job));
}

void SyncCall::run() {
    State expected = State::waiting;
    if (!state_.compare_exchange_strong(expected, State::running)) {
        return;
    }
    process_ = getpid();
    SyncCall* const outer = std::exchange(current_call, this);
    Context& context = given_context_ != nullptr ? *given_context_ : context_;
    context.run([this] {
        if (occupied_ == nullptr) {
            invoke();
            return;
        }
        auto token = occupied_thread_variable().set(occupied_);
        invoke();
        occupied_->occupied = false;
        occupied_thread_variable().reset(std::move(token));
    });
    current_call = outer;
    // Where the loop has ended, so has the task.
    loop_.post([call = shared_from_this()] {
        if (call->awaiting_) {
            std::exchange(call->awaiting_, nullptr).resume();
        }
    });
}

// Whether the wait is over.
bool SyncCall::cancel() {
    State expected = State::waiting;
    if (state_.compare_exchange_strong(expected, State::withdrawn)) {
        return true;
    }
    const std::scoped_lock lock(mutex_);
    cancelled_ = true;
    if (inner_.empty()) {
        return true;
    }
    // The task that the function waits for ends first; then the function decides how it goes on.
    inner_.back().loop.post([source = inner_.back().source] { source->cancel(); });
    return false;
}

void SyncCall::give_context_back() noexcept {
    if (given_context_ == nullptr) {
        Context::current() = std::move(context_);
    }
}

SyncCall::WaitsForTask::WaitsForTask(SyncCall* call, std::shared_ptr<CancellationSource> source)
    : call_(call) {
    if (call_ == nullptr) {
        return;
    }
    const std::scoped_lock lock(call_->mutex_);
    if (call_->cancelled_) {
        source->cancel();
    }
    call_->inner_.push_back({Loop::require_current("async_to_sync").handle(), std::move(source)});
}

SyncCall::WaitsForTask::~WaitsForTask() {
    if (call_ != nullptr) {
        const std::scoped_lock lock(call_->mutex_);
        call_->inner_.pop_back();
    }
}

bool AwaitSyncCall::begin(std::coroutine_handle<> awaiting, const CancellationToken& token) {
    if (token.cancelled()) {
        left_ = true;
        return false;
    }
    call_->submit(place_, site_);
    // The function's end is seen in a later step only.
    call_->awaiting_ = awaiting;
    registration_.arm(token, [this] {
        if (call_->cancel()) {
            left_ = true;
            Loop::require_current("sync_to_async")
                .make_ready(ready_, std::exchange(call_->awaiting_, nullptr));
        }
    });
    return true;
}

void AwaitSyncCall::await_resume() {
    registration_.disarm();
    if (left_) {
        throw CancelledError();
    }
    call_->give_context_back();
}

AwaitSyncCall::~AwaitSyncCall() {
    if (call_->awaiting_) {
        call_->awaiting_ = nullptr;
        call_->cancel();
    }
}

}  // namespace asyncbench::detail
