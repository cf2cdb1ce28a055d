#pragma once

#include <utility>

#include "async/task.hpp"

namespace asyncbench {

/// A Task that must be awaited in the expression that makes it, as in folly:
///
///     NowTask<Reply> ask(const Question& question);
///     const Reply reply = co_await ask({"why"});  // the only way
///
/// So its references to temporaries and to the caller's variables hold until it has ended, and it can neither
/// be kept, gathered, nor forgotten in a variable without the compiler's saying so.
template <class T = void>
class [[nodiscard("a NowTask does nothing until it is awaited: co_await it here")]] NowTask {
  public:
    using promise_type = detail::TaskPromise<T>;
    using value_type = T;

    explicit(false) NowTask(Task<T> task) noexcept : task_(std::move(task)) {}
    // Deleted, they could not say why.
    NowTask(const NowTask& other) : task_(refuse(other)) {}
    NowTask(NowTask&& other) noexcept : task_(refuse(other)) {}
    NowTask& operator=(const NowTask&) = delete;
    NowTask& operator=(NowTask&&) = delete;
    ~NowTask() = default;

  private:
    friend class detail::PromiseBase;
    template <class Other>
    static Task<T> refuse(const Other&) {
        static_assert(detail::never<Other>,
                      "a NowTask is awaited in the expression that makes it: write co_await f()");
        return {};
    }
    Task<T> task_;
};

}  // namespace asyncbench
