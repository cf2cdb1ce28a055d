#pragma once

#include <atomic>
#include <memory>
#include <utility>

#include "async/context.hpp"
#include "async/current_thread_executor.hpp"
#include "async/executor.hpp"
#include "async/site.hpp"

// What both bridges need to know about threads; carried by contexts, so that it follows tasks.

namespace asyncbench::detail {

/// Set by async_to_sync() for the task it runs: the thread that waits for that task.
ContextVar<std::shared_ptr<CurrentThreadExecutor>>& waiting_thread_variable();

/// Set by ThreadSensitiveContext.
ContextVar<std::shared_ptr<SingleThread>>& sensitive_thread_variable();

/// The thread of the functions that have no other: one for the process, started with the first; another one
/// after fork(), which does not take threads along.
SingleThread& process_wide_thread();

/// A single thread that runs a function or a loop on whose behalf the code in this context runs: what waits
/// for that thread waits for itself.
struct OccupiedThread {
    OccupiedThread(const SingleThread* occupied_one, std::shared_ptr<const OccupiedThread> outer_one)
        : thread(occupied_one), outer(std::move(outer_one)) {}

    const SingleThread* thread;                   // compared and never followed
    std::shared_ptr<const OccupiedThread> outer;  // of what it runs for
    std::atomic<bool> occupied = true;
};
ContextVar<std::shared_ptr<const OccupiedThread>>& occupied_thread_variable();

/// Throws Error where the code that calls this runs on `thread`, or in a context that says so.
void require_free(const SingleThread& thread, const char* what, const Site& site);

/// To be set in the context of what `thread` is about to run.
std::shared_ptr<OccupiedThread> occupy(const SingleThread& thread);

}  // namespace asyncbench::detail
