#pragma once

#include <concepts>
#include <functional>
#include <memory>
#include <optional>
#include <tuple>
#include <type_traits>
#include <utility>

#include "async/awaitable.hpp"
#include "async/context.hpp"
#include "async/executor.hpp"
#include "async/outcome.hpp"
#include "async/task.hpp"

namespace asyncbench {

/// Says that async_to_sync() shall not use a loop that exists already.
struct NewLoop {
    explicit NewLoop() = default;
};
inline constexpr NewLoop new_loop{};

namespace detail {

/// Has `make`'s task run on a loop, and waits for its end while this thread runs functions for it.
void run_async_call(const std::function<Task<void>()>& make, bool on_new_loop, const Site& site);

template <class R, class F, class Arguments>
Task<void> keep_outcome(Outcome<R>& outcome, const F& function, Arguments& arguments, Site /*site*/) {
    try {
        Task<R> task = std::apply(function, std::move(arguments));
        if constexpr (std::is_void_v<R>) {
            co_await std::move(task);
        } else {
            decltype(auto) result = co_await std::move(task);
            outcome.set_from([&result]() -> R { return std::forward<R>(result); });
        }
    } catch (...) {
        outcome.set_error(std::current_exception());
    }
}

}  // namespace detail

/// A function that gives a task, to be called by synchronous code; made by async_to_sync(). May be called by
/// several threads at a time where the function may.
template <class F>
class AsyncToSync {
  public:
    AsyncToSync(F function, bool on_new_loop, Site site)
        : function_(std::move(function)), on_new_loop_(on_new_loop), site_(site) {}

    /// Calls the function with `arguments`, waits for the task's end, and gives its result or throws what it
    /// threw.
    template <class... Args>
    decltype(auto) operator()(Args&&... arguments) const {
        static_assert(std::invocable<const F&, Args...>,
                      "async_to_sync: the function cannot be called with these arguments");
        using Result = std::invoke_result_t<const F&, Args...>;
        static_assert(detail::is_task<Result>,
                      "async_to_sync takes a function that returns a Task; call this one directly");
        return call<typename Result::value_type>(std::forward_as_tuple(std::forward<Args>(arguments)...));
    }

  private:
    template <class R, class Arguments>
    R call(Arguments arguments) const {
        detail::Outcome<R> outcome;
        // Made where it runs, as the function may ask for the loop.
        const std::function<Task<void>()> make = [&] {
            return detail::keep_outcome<R>(outcome, function_, arguments, site_);
        };
        detail::run_async_call(make, on_new_loop_, site_);
        return outcome.take();
    }

    F function_;
    bool on_new_loop_;
    Site site_;
};

/// Makes a function that gives a task callable by synchronous code, which waits for the task:
///
///     auto fetch_now = async_to_sync(fetch);
///     std::string text = fetch_now("http://127.0.0.1:8080/");
///
/// The guarantees are those of asgiref's async_to_sync; docs/bridges.md lists them:
///
/// - Called by a function that sync_to_async() runs, it uses the loop of the task that awaits that function,
///   where it still runs; else a new loop in a new thread.
/// - The thread that calls it runs, while it waits, the thread-sensitive functions of the task.
/// - On a thread that runs a loop it throws Error at once: the loop would wait for itself.
/// - The task runs in a copy of the caller's context; what it set is set in the caller's afterwards.
/// - Where the loop ends before the task, it throws Error.
template <class F>
AsyncToSync<std::decay_t<F>> async_to_sync(F&& function, Site site = Site::here()) {
    return {std::forward<F>(function), false, site};
}
/// On a new loop in any case.
template <class F>
AsyncToSync<std::decay_t<F>> async_to_sync(F&& function, NewLoop, Site site = Site::here()) {
    return {std::forward<F>(function), true, site};
}

/// While it lives, the new loops that async_to_sync() makes for this thread's code run, one after another,
/// on one thread, instead of a new thread each: so that what is bound to a thread can be kept between calls.
/// Inside another one it changes nothing.
class AsyncSingleThreadContext {
  public:
    AsyncSingleThreadContext();
    ~AsyncSingleThreadContext();
    AsyncSingleThreadContext(const AsyncSingleThreadContext&) = delete;
    AsyncSingleThreadContext& operator=(const AsyncSingleThreadContext&) = delete;

  private:
    const Context* where_ = &Context::current();
    std::optional<ContextVar<std::shared_ptr<SingleThread>>::Token> token_;  // none inside another one
};

}  // namespace asyncbench
