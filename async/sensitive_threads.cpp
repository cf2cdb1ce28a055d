#include "async/sensitive_threads.hpp"

#include <pthread.h>

#include "async/would_deadlock.hpp"

namespace asyncbench::detail {

ContextVar<std::shared_ptr<CurrentThreadExecutor>>& waiting_thread_variable() {
    static ContextVar<std::shared_ptr<CurrentThreadExecutor>> variable("async_to_sync's waiting thread");
    return variable;
}

ContextVar<std::shared_ptr<SingleThread>>& sensitive_thread_variable() {
    static ContextVar<std::shared_ptr<SingleThread>> variable("ThreadSensitiveContext");
    return variable;
}

ContextVar<std::shared_ptr<const OccupiedThread>>& occupied_thread_variable() {
    static ContextVar<std::shared_ptr<const OccupiedThread>> variable("occupied thread");
    return variable;
}

SingleThread& process_wide_thread() {
    // Never destroyed: a function may run until the very end of the process.
    static constinit std::atomic<SingleThread*> thread = nullptr;
    static const int watched = pthread_atfork(nullptr, nullptr, [] { thread = nullptr; });
    static_cast<void>(watched);
    SingleThread* found = thread;
    if (found == nullptr) {
        auto made = std::make_unique<SingleThread>();
        if (thread.compare_exchange_strong(found, made.get())) {
            found = made.release();
        }
    }
    return *found;
}

void require_free(const SingleThread& thread, const char* what, const Site& site) {
    bool free = !thread.is_this_thread();
    const auto innermost = occupied_thread_variable().get_or(nullptr);
    for (const OccupiedThread* at = innermost.get(); at != nullptr; at = at->outer.get()) {
        free = free && !(at->thread == &thread && at->occupied);
    }
    if (!free) {
        throw_would_deadlock(
            "Single thread executor already being used, would deadlock: this would wait for a thread that "
            "waits for this. Await the function's async counterpart, or run it elsewhere.",
            what, site);
    }
}

std::shared_ptr<OccupiedThread> occupy(const SingleThread& thread) {
    return std::make_shared<OccupiedThread>(&thread, occupied_thread_variable().get_or(nullptr));
}

}  // namespace asyncbench::detail
