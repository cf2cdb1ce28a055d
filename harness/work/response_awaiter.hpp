#pragma once

#include <coroutine>
#include <utility>

#include "async/cancellation.hpp"
#include "async/loop.hpp"
#include "harness/work/response.hpp"

namespace asyncbench::detail {

/// What a coroutine awaits a Response with. `Request` derives from it, and has:
///     void start(Completion done);  // sends the request
///     void ended();                 // `done` was called
///     void give_up();               // ends the request, of which `done` has not been called
/// The coroutine goes on in a step of its own, soon after the completion, so that it may end the client; and
/// a loop that looks for stalls sees what each coroutine did. Where the awaiting task is cancelled, the
/// request is given up and the co_await throws CancelledError.
template <class Request>
class ResponseAwaiter {
  public:
    ResponseAwaiter(const ResponseAwaiter&) = delete;
    ResponseAwaiter& operator=(const ResponseAwaiter&) = delete;

    bool await_ready() const noexcept { return false; }

    template <class Promise>
    bool await_suspend(std::coroutine_handle<Promise> awaiting) {
        const CancellationToken token = cancellation_token(awaiting);
        if (token.cancelled()) {
            cancelled_ = true;
            return false;
        }
        awaiting_ = awaiting;
        self().start([this](Response response) { end_with(std::move(response)); });
        cancellation_.arm(token, [this] {
            cancelled_ = true;
            self().give_up();
            loop_.make_ready(ready_, awaiting_);
        });
        return true;
    }

    Response await_resume() {
        if (cancelled_) throw CancelledError();
        return std::move(response_);
    }

  protected:
    void end_with(Response response) {
        cancellation_.disarm();
        self().ended();
        response_ = std::move(response);
        loop_.make_ready(ready_, awaiting_);
    }

  private:
    friend Request;
    explicit ResponseAwaiter(Loop& loop) : loop_(loop) {}
    ~ResponseAwaiter() = default;

    Request& self() { return static_cast<Request&>(*this); }

    Loop& loop_;
    Response response_;
    std::coroutine_handle<> awaiting_;
    CancellationCallback cancellation_;
    ReadyNode ready_;
    bool cancelled_ = false;
};

}  // namespace asyncbench::detail
