#pragma once

#include <concepts>
#include <utility>

namespace asyncbench {

template <class T>
class Task;

namespace detail {

template <class T>
inline constexpr bool is_task = false;
template <class T>
inline constexpr bool is_task<Task<T>> = true;

template <class T>
concept MemberCoAwait = requires(T&& awaited) { std::forward<T>(awaited).operator co_await(); };
template <class T>
concept FreeCoAwait = requires(T&& awaited) { operator co_await(std::forward<T>(awaited)); };

/// The object whose await_ready, await_suspend and await_resume a co_await of `awaited` calls.
template <class T>
decltype(auto) get_awaiter(T&& awaited) {
    if constexpr (MemberCoAwait<T>) {
        return std::forward<T>(awaited).operator co_await();
    } else if constexpr (FreeCoAwait<T>) {
        return operator co_await(std::forward<T>(awaited));
    } else {
        return std::forward<T>(awaited);
    }
}

/// What get_awaiter() gives: a value where operator co_await makes one, else a reference to what is awaited,
/// which the awaiting expression keeps alive.
template <class T>
using AwaiterOf = decltype(get_awaiter(std::declval<T>()));

}  // namespace detail

/// What a Task may await.
template <class T>
concept Awaitable = requires(detail::AwaiterOf<T> awaiter) {
    { awaiter.await_ready() } -> std::convertible_to<bool>;
    awaiter.await_resume();
};

}  // namespace asyncbench
