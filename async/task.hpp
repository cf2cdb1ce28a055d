#pragma once

#include <coroutine>
#include <utility>

#include "async/errors.hpp"
#include "async/promise.hpp"

namespace asyncbench {

/// A coroutine that gives a T (an object, a reference or void) to the one that awaits it. Lazy: nothing of it
/// runs before it is awaited, once, as an rvalue: `co_await f()`, or `co_await std::move(task)`. What it
/// throws, the awaiting coroutine gets. Owns the coroutine's frame: a task that is destroyed while it waits
/// destroys its local variables and never goes on. Not for use by two threads at a time.
///
/// g++ 12 compiles some awaiting expressions wrongly (bugs 99576, 100611); so, within one co_await
/// expression: no lambda with captures, no temporary aggregate, no `?:` that makes an object. Name them
/// first, then move them.
template <class T = void>
class [[nodiscard("a Task does nothing until it is awaited")]] Task {
  public:
    using promise_type = detail::TaskPromise<T>;
    using value_type = T;

    Task() = default;  ///< empty; may only be assigned to
    Task(Task&& other) noexcept : coroutine_(std::exchange(other.coroutine_, nullptr)) {}
    Task& operator=(Task&& other) noexcept {
        std::swap(coroutine_, other.coroutine_);
        return *this;
    }
    ~Task() {
        if (coroutine_) {
            destroy();
        }
    }

    /// Whether it holds a coroutine: not so after it was moved from or awaited.
    bool valid() const { return coroutine_ != nullptr; }

    /// Whether a started task ran to its end.
    bool done() const { return coroutine_ && coroutine_.done(); }

    /// Gives the task a cancellation token of its own, instead of that of the task that will await it.
    Task&& with_cancellation(CancellationToken token) && {
        require_valid();
        coroutine_.promise().set_cancellation(std::move(token));
        return std::move(*this);
    }

    /// Destroys the task, whether or not it was awaited or waits, on purpose: no detector reports it.
    void discard() && {
        Task discarded(std::move(*this));
        if (discarded.coroutine_) {
            discarded.coroutine_.promise().discard();
        }
    }

    class Awaiter {
      public:
        explicit Awaiter(Task&& task) noexcept : task_(std::move(task)) {}
        static bool await_ready() noexcept { return false; }
        template <class Promise>
        std::coroutine_handle<> await_suspend(std::coroutine_handle<Promise> awaiting) noexcept {
            return task_.coroutine_.promise().begin_for(awaiting, task_.coroutine_);
        }
        T await_resume() { return task_.coroutine_.promise().result(); }

      private:
        Task task_;
    };
    /// Throws Error where the task is empty.
    Awaiter operator co_await() && {
        require_valid();
        return Awaiter(std::move(*this));
    }

    /// For code that starts a task without awaiting it, as gather and run do: runs the first step before it
    /// returns; `completion` is told of the end, which can be inside this call. The task must live until
    /// then. It runs in a copy of the current context. `parent` is the promise of the task on whose behalf
    /// this is, if there is one.
    void start(detail::Completion& completion, const detail::PromiseBase* parent = nullptr) {
        require_valid();
        const detail::PromiseBase* const outer = detail::current_task;
        const detail::KeepContext keep;
        coroutine_.promise().begin_for(completion, parent);
        coroutine_.resume();
        detail::Trampoline::run_taken();
        detail::set_current_task(outer);
    }
    /// The token it was given by with_cancellation(), else `inherited`.
    CancellationToken cancellation_or(const CancellationToken& inherited) const {
        require_valid();
        return coroutine_.promise().cancellation_or(inherited);
    }
    /// Before start(): the token it carries unless it was given one of its own.
    void inherit_cancellation(const CancellationToken& token) {
        require_valid();
        coroutine_.promise().inherit_cancellation(token);
    }
    /// Once, after a started task is done: its result, or its exception is thrown.
    T result() { return coroutine_.promise().result(); }
    /// What a started task that is done threw; null where it threw nothing.
    const std::exception_ptr& error() const { return coroutine_.promise().error(); }

  private:
    friend promise_type;
    explicit Task(std::coroutine_handle<promise_type> coroutine) noexcept : coroutine_(coroutine) {}
    void destroy() noexcept {
        const promise_type& promise = coroutine_.promise();
        if (!detail::looks_for_task_faults || promise.settled()) [[likely]] {
            coroutine_.destroy();
        } else {
            promise.destroy_unsettled(coroutine_);
        }
    }
    void require_valid() const {
        if (!coroutine_) [[unlikely]] {
            throw Error(
                "An empty Task was awaited: it was moved from or awaited before. A task is awaited once.");
        }
    }

    std::coroutine_handle<promise_type> coroutine_;
};

}  // namespace asyncbench
