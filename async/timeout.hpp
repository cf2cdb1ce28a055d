#pragma once

#include <exception>
#include <utility>

#include "async/cancellation.hpp"
#include "async/clock.hpp"
#include "async/errors.hpp"
#include "async/loop.hpp"
#include "async/task.hpp"
#include "async/timer.hpp"

namespace asyncbench {

/// A task took longer than with_timeout() allowed.
class TimeoutError : public Error {
  public:
    explicit TimeoutError(Nanoseconds limit);
    Nanoseconds limit() const { return limit_; }

  private:
    Nanoseconds limit_;
};

namespace detail {
/// Cancels `source` after `limit`; at once where that is zero or less.
class Deadline {
  public:
    Deadline(CancellationSource& source, Nanoseconds limit);
    bool reached() const { return reached_; }

  private:
    bool reached_ = false;
    Timer timer_;
};
}  // namespace detail

/// Awaits `task`, and cancels it where it takes longer than `limit`; then waits for its end, so that nothing
/// of it runs on, and throws TimeoutError where that end is CancelledError. A task that ends otherwise (a
/// result after all, another exception) ends with_timeout so. Cancelled from outside, it throws
/// CancelledError. Needs a running loop.
template <class T>
Task<T> with_timeout(Task<T> task, Nanoseconds limit, Site /*site*/ = Site::here()) {
    const CancellationToken inherited = co_await current_cancellation();
    const CancellationToken outer = task.cancellation_or(inherited);
    CancellationSource source(outer);
    const detail::Deadline deadline(source, limit);
    try {
        co_return co_await std::move(task).with_cancellation(source.token());
    } catch (const CancelledError&) {
        if (!deadline.reached() || outer.cancelled()) {
            throw;
        }
    }
    throw TimeoutError(limit);
}

}  // namespace asyncbench
