#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "async/loop.hpp"
#include "async/ring.hpp"
#include "harness/http/http_request.hpp"
#include "harness/http/multi.hpp"
#include "harness/http/session_options.hpp"
#include "harness/work/response.hpp"
#include "harness/work/response_awaiter.hpp"
#include "harness/work/secret_text.hpp"

namespace asyncbench {

class Fetch;

/// HTTP on an event loop, over libcurl's multi_socket interface. Callbacks and coroutines use the same
/// session: what differs between them is the price of coroutines.
///
/// Belongs to one loop; every call on its thread. Must not be destroyed from inside a completion (a coroutine
/// that awaited an answer may destroy it). Completions still pending then are destroyed without a call;
/// coroutines that wait get a Response that says so.
class AsyncSession {
  public:
    AsyncSession(Loop& loop, const SessionOptions& options);
    ~AsyncSession();
    AsyncSession(const AsyncSession&) = delete;
    AsyncSession& operator=(const AsyncSession&) = delete;

    /// Starts a request; `done` is called from the loop, never from inside this call. The transfer is lent
    /// until `done` is called, for cancel().
    Transfer* send(const HttpRequest& request, Completion done);
    Transfer* get(std::string url, Completion done) { return send({.url = std::move(url)}, std::move(done)); }

    /// `Response r = co_await session.get(url);` Cancellation of the awaiting task ends the transfer.
    Fetch send(HttpRequest request);
    Fetch get(std::string url);

    /// Ends the transfer and closes its connection; its completion is not called.
    static void cancel(Transfer* transfer) { Multi::cancel(transfer); }

  private:
    friend class Fetch;
    class Shard;
    class Sockets;
    Shard& shard_with_room();

    Loop& loop_;
    SessionOptions options_;
    std::unique_ptr<Sockets> sockets_;
    std::vector<std::unique_ptr<Shard>> shards_;
    detail::RingLink waiting_;  // coroutines
};

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
        response.message =
            "The session ended before the answer to " + without_secrets(request_.url) + " came.";
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
