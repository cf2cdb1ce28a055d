#pragma once

#include <concepts>
#include <functional>
#include <memory>
#include <tuple>
#include <type_traits>
#include <utility>

#include "async/awaitable.hpp"
#include "async/context.hpp"
#include "async/executor.hpp"
#include "async/sync_call.hpp"
#include "async/task.hpp"

namespace asyncbench {

/// Says what is the default: the function runs where all thread-sensitive functions do.
struct ThreadSensitive {
    explicit ThreadSensitive() = default;
};
inline constexpr ThreadSensitive thread_sensitive{};

/// Says that the function may run on any thread: one of the loop's default executor.
struct NotThreadSensitive {
    explicit NotThreadSensitive() = default;
};
inline constexpr NotThreadSensitive not_thread_sensitive{};

namespace detail {

// Of a class that inherits operator() twice the name is ambiguous, whatever the arguments.
struct HasCallOperator {
    void operator()();
};
template <class F>
struct AlsoCallable : F, HasCallOperator {};
template <class F>
concept CallableClass =
    std::is_class_v<F> && (std::is_final_v<F> || !requires { &AlsoCallable<F>::operator(); });
template <class F>
concept Callable =
    std::is_function_v<std::remove_pointer_t<F>> || std::is_member_pointer_v<F> || CallableClass<F>;

template <class F>
concept HasOneSignature = requires(F function) { std::function(function); };
template <class F>
constexpr bool returns_task() {
    if constexpr (HasOneSignature<F>) {
        return is_task<typename decltype(std::function(std::declval<F>()))::result_type>;
    } else {
        return false;
    }
}

template <class R, class F, class... Args>
class SyncCallOf final : public SyncCallFor<R> {
  public:
    template <class... Given>
    SyncCallOf(std::shared_ptr<Context> context, const F& function, Given&&... arguments)
        : SyncCallFor<R>(std::move(context)),
          function_(function),
          arguments_(std::forward<Given>(arguments)...) {}

  private:
    void invoke() noexcept override {
        this->outcome_.set_from([this]() -> R { return std::apply(function_, std::move(arguments_)); });
    }
    F function_;
    std::tuple<Args...> arguments_;
};

template <class R>
Task<R> await_sync_call(std::shared_ptr<SyncCallFor<R>> call, SyncPlace place, Site site) {
    AwaitSyncCall end(call, place, site);
    co_await end;
    co_return call->take();
}

}  // namespace detail

/// What sync_to_async() takes: what can be called, and does not give a Task. For a function with several
/// signatures the latter shows with its arguments only.
template <class F>
concept SynchronousFunction = detail::Callable<F> && !detail::returns_task<F>();

/// A synchronous function that tasks can await; made by sync_to_async(). Calls are independent of it and of
/// each other.
template <class F>
class SyncToAsync {
  public:
    SyncToAsync(F function, detail::SyncPlace place, Site site)
        : function_(std::move(function)), place_(place), site_(site) {}

    /// The function's calls run in `context`, and what they set stays there, instead of in a copy of the
    /// task's context that is taken over from them.
    SyncToAsync in_context(std::shared_ptr<Context> context) && {
        context_ = std::move(context);
        return std::move(*this);
    }

    /// A task that calls a copy of the function with `arguments`, which are copied or moved as std::thread's
    /// are (std::ref passes a reference).
    template <class... Args>
    auto operator()(Args&&... arguments) const {
        static_assert(std::invocable<F&, std::decay_t<Args>...>,
                      "sync_to_async: the function cannot be called with these arguments; they reach it as "
                      "std::thread's do, so a reference to what should change needs std::ref");
        using R = std::invoke_result_t<F&, std::decay_t<Args>...>;
        static_assert(!detail::is_task<std::remove_cvref_t<R>>,
                      "sync_to_async takes a synchronous function; this one returns a Task: await that");
        return make_task<R>(std::forward<Args>(arguments)...);
    }

  private:
    template <class R, class... Args>
    Task<R> make_task(Args&&... arguments) const {
        using Call = detail::SyncCallOf<R, F, std::decay_t<Args>...>;
        std::shared_ptr<detail::SyncCallFor<R>> call =
            std::make_shared<Call>(context_, function_, std::forward<Args>(arguments)...);
        return detail::await_sync_call<R>(std::move(call), place_, site_);
    }

    F function_;
    detail::SyncPlace place_;
    Site site_;
    std::shared_ptr<Context> context_;
};

namespace detail {
template <class F>
auto make_sync_to_async(F&& function, SyncPlace place, const Site& site) {
    using Function = std::decay_t<F>;
    static_assert(Callable<Function>, "sync_to_async takes a function; this cannot be called");
    static_assert(!returns_task<Function>(),
                  "sync_to_async takes a synchronous function; this one returns a Task: await that");
    static_assert(std::copy_constructible<Function>,
                  "sync_to_async copies the function for each call; this one cannot be copied: pass what "
                  "it owns as an argument, or by shared_ptr");
    return SyncToAsync<Function>(std::forward<F>(function), place, site);
}
}  // namespace detail

/// Makes a synchronous function awaitable: its calls run on another thread, while the loop goes on.
///
///     auto slow = sync_to_async(read_file);
///     std::string text = co_await slow("notes.txt");
///
/// The guarantees are those of asgiref's sync_to_async; docs/bridges.md lists them:
///
/// - Thread-sensitive, as most synchronous libraries are: such functions all run on one thread, one after
///   another. That is the thread that waits in async_to_sync() for the task, or a thread above that; else the
///   ThreadSensitiveContext's; else the thread that waits for the loop; else one thread of the process. Code
///   that waits for itself in this way gets Error where it awaits.
/// - What the function throws, the task gets. What it sets in ContextVars is set in the task afterwards.
/// - Where the task is cancelled, a function that has not begun never begins. One that runs cannot be
///   interrupted: the wait ends with CancelledError at once, and the function runs on with its own copies of
///   its arguments. Where it waits in async_to_sync() at that moment, the task it waits for is cancelled
///   instead, and the wait goes on until the function has ended, whichever way.
template <class F>
auto sync_to_async(F&& function, Site site = Site::here()) {
    const detail::SyncPlace place(detail::SyncPlace::Kind::thread_sensitive);
    return detail::make_sync_to_async(std::forward<F>(function), place, site);
}
template <class F>
auto sync_to_async(F&& function, ThreadSensitive, Site site = Site::here()) {
    const detail::SyncPlace place(detail::SyncPlace::Kind::thread_sensitive);
    return detail::make_sync_to_async(std::forward<F>(function), place, site);
}

/// On the loop's default executor: several calls at a time, on any thread.
template <class F>
auto sync_to_async(F&& function, NotThreadSensitive, Site site = Site::here()) {
    const detail::SyncPlace place(detail::SyncPlace::Kind::default_executor);
    return detail::make_sync_to_async(std::forward<F>(function), place, site);
}

/// On `executor`, which outlives the calls and runs each of them, or the task would wait for ever.
template <class F>
auto sync_to_async(F&& function, Executor& executor, Site site = Site::here()) {
    return detail::make_sync_to_async(std::forward<F>(function), detail::SyncPlace(executor), site);
}

template <class F>
auto sync_to_async(F&&, ThreadSensitive, Executor&) {
    static_assert(!std::same_as<F, F>,
                  "sync_to_async: an executor is for functions that are not thread-sensitive; leave out one "
                  "of the two");
}

}  // namespace asyncbench
