#pragma once

#include <string>
#include <utility>

#include "async/ring.hpp"
#include "harness/http/async_session.hpp"
#include "harness/work/response_awaiter.hpp"

namespace asyncbench {

/// The awaitable of `co_await session.get(url)`: starts the request when awaited and gives its Response.
///
/// Cancelling the awaiting task ends the transfer, closes its connection and throws CancelledError from the
/// co_await. Destroying the waiting coroutine ends the transfer too. Where the session ends meanwhile, the
/// Response says so.
class [[nodiscard]] Fetch final : private detail::RingLink, public detail::ResponseAwaiter<Fetch> {
  public:
    Fetch(Loop& loop, AsyncSession& session, HttpRequest request)
        : ResponseAwaiter(loop), session_(session), request_(std::move(request)) {}
    ~Fetch() {
        if (transfer_ != nullptr) AsyncSession::cancel(transfer_);
    }

  private:
    friend class AsyncSession;
    friend class detail::ResponseAwaiter<Fetch>;
    void start(Completion done) {
        transfer_ = session_.send(request_, std::move(done));
        link_before(session_.waiting_);
    }
    void ended() {
        unlink();
        transfer_ = nullptr;
    }
    void give_up() {
        unlink();
        AsyncSession::cancel(std::exchange(transfer_, nullptr));
    }
    /// By the session that ends.
    void session_ends() {
        Response response;
        response.error = TransportError::other;
        response.message = "The session ended before the answer to " + request_.url + " came.";
        end_with(std::move(response));
    }

    AsyncSession& session_;
    HttpRequest request_;
    Transfer* transfer_ = nullptr;
};

inline Fetch AsyncSession::send(HttpRequest request) {
    return Fetch(loop_, *this, std::move(request));
}

inline Fetch AsyncSession::get(std::string url) {
    return send({.url = std::move(url)});
}

}  // namespace asyncbench
