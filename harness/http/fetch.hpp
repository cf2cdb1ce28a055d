#pragma once

#include <coroutine>
#include <string>
#include <utility>

#include "harness/async/cancellation.hpp"
#include "harness/async/loop.hpp"
#include "harness/http/async_session.hpp"

namespace asyncbench {

/// The awaitable of `co_await session.get(url)`: starts the request when awaited and gives its Response. The
/// coroutine goes on inside the session's completion, exactly where a callback would run.
///
/// Cancelling the awaiting task ends the transfer, closes its connection and throws CancelledError from the
/// co_await. Destroying the waiting coroutine ends the transfer too.
class [[nodiscard]] Fetch {
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
        request_ = session_.get(url_, [this, awaiting](Response response) {
            cancellation_.disarm();
            request_ = {};
            response_ = std::move(response);
            awaiting.resume();
        });
        cancellation_.arm(token, [this, awaiting] {
            cancelled_ = true;
            session_.cancel(std::exchange(request_, {}));
            loop_.make_ready(ready_, awaiting);
        });
        return true;
    }

    Response await_resume() {
        if (cancelled_) throw CancelledError();
        return std::move(response_);
    }

  private:
    Loop& loop_;
    AsyncSession& session_;
    std::string url_;
    AsyncSession::Request request_;
    Response response_;
    CancellationCallback cancellation_;
    ReadyNode ready_;
    bool cancelled_ = false;
};

inline Fetch AsyncSession::get(std::string url) {
    return Fetch(loop_, *this, std::move(url));
}

}  // namespace asyncbench
