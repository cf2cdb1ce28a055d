#pragma once

#include <memory>
#include <utility>

#include "async/create_task.hpp"
#include "async/task.hpp"

namespace asyncbench {

namespace detail {
template <class T>
Task<T> await_shielded(std::shared_ptr<BackgroundTask<T>> work, Site /*site*/) {
    typename RunningTask<T>::Awaiter end(std::move(work), WhenCancelled::leave_work);
    co_return co_await end;
}
}  // namespace detail

/// Waits for a running task without taking part in its end, as asyncio.shield: where the one that waits is
/// cancelled, the wait ends with CancelledError, and `running` goes on and can be awaited later.
///
///     RunningTask<Receipt> order = create_task(place_order());
///     Receipt receipt = co_await with_timeout(shield(order), 1s);  // late or not, the order is placed
///
/// Where the wait gave the result (or the exception), it has been taken out of `running`. Throws Error where
/// `running` is empty.
template <class T>
Task<T> shield(RunningTask<T>& running, Site site = Site::here()) {
    running.require_valid();
    return detail::await_shielded(running.work_, site);
}

/// Starts `task` now, by create_task(), and waits for it so: cancelled, it runs on, and its result is
/// dropped.
template <class T>
Task<T> shield(Task<T> task, Site site = Site::here()) {
    RunningTask<T> running = create_task(std::move(task));
    return shield(running, site);
}

}  // namespace asyncbench
