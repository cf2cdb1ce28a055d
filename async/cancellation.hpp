#pragma once

#include <concepts>
#include <coroutine>
#include <cstdint>
#include <functional>
#include <utility>

#include "async/errors.hpp"
#include "async/ring.hpp"

namespace asyncbench {

// Cancellation is a request: a CancellationSource is told cancel(), and the waits of the tasks that carry its
// token end with CancelledError. In the style of std::stop_token, for one loop: sources, tokens and callbacks
// are used on the loop thread only (from elsewhere: loop.post([&] { source.cancel(); })).
//
// A task carries the token in its promise and hands it on to every task it awaits, so that
// `with_timeout(fetch(...), 1s)` ends the transfer inside. A request stays: once cancelled, every further
// wait of that token ends at once. Code that must wait while it cleans up gives its task a token of its own:
// `co_await std::move(task).with_cancellation({})`.
//
// An awaitable that honours it does this:
//
//     template <class Promise>
//     bool await_suspend(std::coroutine_handle<Promise> awaiting) {
//         CancellationToken token = cancellation_token(awaiting);
//         if (token.cancelled()) {
//             cancelled_ = true;  // await_resume() throws CancelledError
//             return false;
//         }
//         registration_.arm(token, [this, awaiting] {
//             cancelled_ = true;
//             end_the_wait();                                 // nothing else will resume it
//             loop_.make_ready(ready_, awaiting);             // a later step, never inside cancel()
//         });
//         begin_the_wait();                                   // whose end calls registration_.disarm()
//         return true;
//     }
//
// with `CancellationCallback registration_;` and `ReadyNode ready_;` as members of the awaiter: a frame that
// is destroyed while it waits takes both out of their lists.

/// The wait was ended by cancel(). It passes through the code that waits as any exception does.
class CancelledError : public Error {
  public:
    CancelledError() : Error("The task was cancelled while it waited; whoever cancelled it expects this.") {}
};

class CancellationCallback;

namespace detail {

struct CancellationState {
    std::uint32_t references = 1;
    bool cancelled = false;
    RingLink callbacks;
};

}  // namespace detail

/// A view of a source: whether it was cancelled. A token without a source is never cancelled.
class CancellationToken {
  public:
    CancellationToken() = default;
    CancellationToken(const CancellationToken& other) noexcept : state_(other.state_) {
        if (state_ != nullptr) {
            ++state_->references;
        }
    }
    CancellationToken(CancellationToken&& other) noexcept : state_(std::exchange(other.state_, nullptr)) {}
    CancellationToken& operator=(CancellationToken other) noexcept {
        std::swap(state_, other.state_);
        return *this;
    }
    ~CancellationToken() {
        if (state_ != nullptr && --state_->references == 0) {
            delete state_;
        }
    }

    bool cancelled() const { return state_ != nullptr && state_->cancelled; }
    bool can_be_cancelled() const { return state_ != nullptr; }
    /// Throws CancelledError where it is cancelled: for long work between two waits.
    void throw_if_cancelled() const {
        if (cancelled()) {
            throw CancelledError();
        }
    }

  private:
    friend class CancellationSource;
    friend class CancellationCallback;
    explicit CancellationToken(detail::CancellationState* adopted) : state_(adopted) {}

    detail::CancellationState* state_ = nullptr;
};

/// A function to call when a token is cancelled, once. Its destruction takes it back; neither copied nor
/// moved, as it stands in the token's list.
class CancellationCallback : private detail::RingLink {
  public:
    CancellationCallback() = default;
    CancellationCallback(const CancellationCallback&) = delete;
    CancellationCallback& operator=(const CancellationCallback&) = delete;
    ~CancellationCallback() { disarm(); }

    /// Calls `callback` inside cancel() of the token's source; inside arm() where it is cancelled already,
    /// and never where it has no source. The callback must not throw nor resume a coroutine (make it ready
    /// instead); it may destroy this object. Arming again replaces the earlier callback.
    template <std::invocable F>
    void arm(const CancellationToken& token, F&& callback) {
        disarm();
        if (token.can_be_cancelled()) {
            arm_on(token, std::function<void()>(std::forward<F>(callback)));
        }
    }

    /// After it, the callback is not called any more.
    void disarm() noexcept { unlink(); }

  private:
    friend class CancellationSource;
    void arm_on(const CancellationToken& token, std::function<void()> callback);

    std::function<void()> callback_;
};

/// Whoever holds it may cancel. Its end does not cancel.
class CancellationSource {
  public:
    CancellationSource();
    /// Cancelled when `parent` is, too.
    explicit CancellationSource(const CancellationToken& parent);
    CancellationSource(const CancellationSource&) = delete;
    CancellationSource& operator=(const CancellationSource&) = delete;

    CancellationToken token() const { return token_; }
    bool cancelled() const { return token_.cancelled(); }

    /// Calls the callbacks that stand in its list, in the order they came. Further calls do nothing.
    void cancel() noexcept;

    /// Ends the bond with the parent.
    void unlink_parent() noexcept { parent_.disarm(); }

  private:
    CancellationToken token_;
    CancellationCallback parent_;
};

namespace detail {
template <class Promise>
concept CarriesCancellation = requires(const Promise& promise) {
    { promise.cancellation() } -> std::convertible_to<CancellationToken>;
};
}  // namespace detail

/// The token that an awaiting coroutine carries; one that is never cancelled where its promise carries none.
template <class Promise>
CancellationToken cancellation_token(std::coroutine_handle<Promise> awaiting) {
    if constexpr (detail::CarriesCancellation<Promise>) {
        return awaiting.promise().cancellation();
    } else {
        return {};
    }
}

/// `CancellationToken token = co_await current_cancellation();`: the token of the coroutine that says it.
/// Does not suspend.
class current_cancellation {
  public:
    bool await_ready() const noexcept { return false; }
    template <class Promise>
    bool await_suspend(std::coroutine_handle<Promise> awaiting) {
        token_ = cancellation_token(awaiting);
        return false;
    }
    CancellationToken await_resume() { return std::move(token_); }

  private:
    CancellationToken token_;
};

}  // namespace asyncbench
