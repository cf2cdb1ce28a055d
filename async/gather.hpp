#pragma once

#include <coroutine>
#include <cstddef>
#include <exception>
#include <memory>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "async/cancellation.hpp"
#include "async/loop.hpp"
#include "async/task.hpp"

namespace asyncbench {

// gather runs tasks concurrently on the loop and waits for all, as Python's asyncio.gather:
//
// - The results come in the order of the tasks; no task gives an empty result, without suspending.
// - The first exception goes to the awaiting task at once, while the other tasks keep running; their results
// and
//   exceptions are dropped. The loop owns them then: what they use must be theirs, or live as long as the
//   loop. Where they refer to local variables of the one that awaits, use a TaskGroup.
// - Cancelling the gather cancels its tasks. It then waits for all of them, before it throws the first
// exception
//   of theirs or else CancelledError (CPython leaves at the first; here, it would leave tasks with dead
//   locals).
// - A task that ends with CancelledError of its own is one that failed: it does not cancel the gather or
// others.
// - Destroying a gather that waits destroys its tasks.
//
// Each task runs up to its first wait, in order, before gather waits itself; a task that was given a token by
// with_cancellation() keeps it. Needs a running loop.

namespace detail {

class Gathering : public Completion, public AdoptedWork {
  public:
    explicit Gathering(Loop& loop) : loop_(loop) {}
    Gathering(const Gathering&) = delete;
    Gathering& operator=(const Gathering&) = delete;

    /// Starts all tasks; whether there is something left to wait for.
    template <class Promise>
    bool start(std::coroutine_handle<Promise> awaiting) {
        const CancellationToken token = cancellation_token(awaiting);
        outer_.arm(token, [this] { source_.cancel(); });
        const PromiseBase* parent = nullptr;
        if constexpr (std::is_base_of_v<PromiseBase, Promise>) {
            parent = &awaiting.promise();
        }
        running_ = size();
        start_tasks(source_.token(), parent);
        return wait_with(awaiting);
    }
    std::coroutine_handle<> completed(PromiseBase& task) noexcept override;
    void cancel() noexcept override { source_.cancel(); }

    /// After the wait: throws what ends the gather early, and leaves the rest of `self` to the loop.
    void settle(const std::shared_ptr<Gathering>& self);

  private:
    virtual std::size_t size() const = 0;
    virtual void start_tasks(const CancellationToken& token, const PromiseBase* parent) = 0;
    bool wait_with(std::coroutine_handle<> awaiting) noexcept;
    bool settled() const noexcept {
        return running_ == 0 || (first_error_ != nullptr && !source_.cancelled());
    }

    Loop& loop_;
    std::size_t running_ = 0;
    std::exception_ptr first_error_;
    std::coroutine_handle<> awaiting_;  // while it waits
    bool adopted_ = false;
    CancellationSource source_;
    CancellationCallback outer_;
};

template <class T>
class GatheredVector final : public Gathering {
  public:
    GatheredVector(Loop& loop, std::vector<Task<T>> tasks) : Gathering(loop), tasks_(std::move(tasks)) {}
    std::vector<Task<T>>& tasks() { return tasks_; }

  private:
    std::size_t size() const override { return tasks_.size(); }
    void start_tasks(const CancellationToken& token, const PromiseBase* parent) override {
        for (Task<T>& task : tasks_) {
            task.inherit_cancellation(token);
            task.start(*this, parent);
        }
    }
    std::vector<Task<T>> tasks_;
};

template <class... Ts>
class GatheredTuple final : public Gathering {
  public:
    explicit GatheredTuple(Loop& loop, Task<Ts>&&... tasks) : Gathering(loop), tasks_(std::move(tasks)...) {}
    std::tuple<Task<Ts>...>& tasks() { return tasks_; }

  private:
    std::size_t size() const override { return sizeof...(Ts); }
    void start_tasks(const CancellationToken& token, const PromiseBase* parent) override {
        std::apply(
            [&](auto&... task) {
                (task.inherit_cancellation(token), ...);
                (task.start(*this, parent), ...);
            },
            tasks_);
    }
    std::tuple<Task<Ts>...> tasks_;
};

/// `co_await`s a gathering whose frame-held owner is `gathering`.
class AwaitGathering {
  public:
    explicit AwaitGathering(std::shared_ptr<Gathering> gathering) : gathering_(std::move(gathering)) {}
    static bool await_ready() noexcept { return false; }
    template <class Promise>
    bool await_suspend(std::coroutine_handle<Promise> awaiting) {
        return gathering_->start(awaiting);
    }
    void await_resume() const { gathering_->settle(gathering_); }

  private:
    std::shared_ptr<Gathering> gathering_;
};

/// How a result stands in gather's tuple: a void as std::monostate.
template <class T>
using Gathered = std::conditional_t<std::is_void_v<T>, std::monostate, T>;

template <class T>
Gathered<T> gathered_result(Task<T>& task) {
    if constexpr (std::is_void_v<T>) {
        task.result();
        return {};
    } else {
        return task.result();
    }
}

}  // namespace detail

/// Results in the order of the tasks.
template <class T>
    requires std::is_object_v<T>
Task<std::vector<T>> gather(std::vector<Task<T>> tasks, Site /*site*/ = Site::here()) {
    auto gathering =
        std::make_shared<detail::GatheredVector<T>>(Loop::require_current("gather"), std::move(tasks));
    co_await detail::AwaitGathering(gathering);
    std::vector<T> results;
    results.reserve(gathering->tasks().size());
    for (Task<T>& task : gathering->tasks()) {
        results.push_back(task.result());
    }
    co_return results;
}

inline Task<void> gather(std::vector<Task<void>> tasks, Site /*site*/ = Site::here()) {
    auto gathering =
        std::make_shared<detail::GatheredVector<void>>(Loop::require_current("gather"), std::move(tasks));
    co_await detail::AwaitGathering(gathering);
}

/// Results as a tuple in the order of the tasks; that of a Task<void> is a std::monostate.
template <class... Ts>
    requires(!(std::is_void_v<Ts> && ...))
Task<std::tuple<detail::Gathered<Ts>...>> gather(Task<Ts>... tasks) {
    auto gathering =
        std::make_shared<detail::GatheredTuple<Ts...>>(Loop::require_current("gather"), std::move(tasks)...);
    co_await detail::AwaitGathering(gathering);
    co_return std::apply(
        [](Task<Ts>&... task) {
            return std::tuple<detail::Gathered<Ts>...>(detail::gathered_result(task)...);
        },
        gathering->tasks());
}

/// Where no task has a result, neither has gather.
template <class... Ts>
    requires(std::is_void_v<Ts> && ...)
Task<void> gather(Task<Ts>... tasks) {
    auto gathering =
        std::make_shared<detail::GatheredTuple<Ts...>>(Loop::require_current("gather"), std::move(tasks)...);
    co_await detail::AwaitGathering(gathering);
}

}  // namespace asyncbench
