#pragma once

#include <coroutine>
#include <string>
#include <utility>

#include "harness/async/cancellation.hpp"
#include "harness/async/loop.hpp"
#include "harness/async/ring.hpp"
#include "harness/http/async_session.hpp"

namespace asyncbench {

/// The awaitable of `co_await session.get(url)`: starts the request when awaited and gives its Response. The
/// coroutine goes on in a step of its own, soon after the session's completion, so that it may end the
/// session; and a loop that looks for stalls sees what each coroutine did.
///
/// Cancelling the awaiting task ends the transfer, closes its connection and throws CancelledError from the
/// co_await. Destroying the waiting coroutine ends the transfer too. Where the session ends meanwhile, the
/// Response says so.
class [[nodiscard]] Fetch : private detail::RingLink {
  public:
    Fetch(Loop& loop, AsyncSession& session, std::string url)
        : loop_(loop), session_(session), url_(std::move(url)) {}
    Fetch(const Fetch&) = delete;
    Fetch& operator=(const Fetch&) = delete;
    ~Fetch() {
        if (request_.transfer != nullptr) session_.cancel(request_);
    }

    bool await_ready() const noexcept { return false; }

    template <class Promise>
    bool await_suspend(std::coroutine_handle<Promise> awaiting) {
        const CancellationToken token = cancellation_token(awaiting);
        if (token.cancelled()) {
            cancelled_ = true;
            return false;
        }
        awaiting_ = awaiting;
        request_ = session_.get(url_, [this](Response response) { end_with(std::move(response)); });
        link_before(session_.waiting_);
        cancellation_.arm(token, [this] {
            cancelled_ = true;
            unlink();
            session_.cancel(std::exchange(request_, {}));
            loop_.make_ready(ready_, awaiting_);
        });
        return true;
    }

    Response await_resume() {
        if (cancelled_) throw CancelledError();
        return std::move(response_);
    }

  private:
    friend class AsyncSession;
    void end_with(Response response) {
        cancellation_.disarm();
        unlink();
        request_ = {};
        response_ = std::move(response);
        loop_.make_ready(ready_, awaiting_);
    }
    /// By the session that ends.
    void session_ends() {
        Response response;
        response.error = TransportError::other;
        response.message = "The session ended before the answer to " + url_ + " came.";
        end_with(std::move(response));
    }

    Loop& loop_;
    AsyncSession& session_;
    std::string url_;
    AsyncSession::Request request_;
    Response response_;
    std::coroutine_handle<> awaiting_;
    CancellationCallback cancellation_;
    ReadyNode ready_;
    bool cancelled_ = false;
};

inline Fetch AsyncSession::get(std::string url) {
    return Fetch(loop_, *this, std::move(url));
}

}  // namespace asyncbench
