#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <utility>

#include "async/errors.hpp"
#include "async/loop.hpp"
#include "harness/work/response.hpp"
#include "harness/work/response_awaiter.hpp"
#include "harness/work/ticket.hpp"

namespace asyncbench {

/// For code that waits. One thread at a time.
class BlockingClient {
  public:
    virtual ~BlockingClient() = default;

    /// Returns when the response is there. A failure is a Response, too.
    virtual Response request(const Ticket& ticket) = 0;
};

class Answer;

/// For callbacks and coroutines on one event loop, on whose thread every call is made. Outlives what waits
/// for its responses. Completions that are still pending when it ends are destroyed without a call.
class LoopClient {
  public:
    /// A request whose completion has not been called.
    using InFlight = void*;

    virtual ~LoopClient() = default;
    LoopClient(const LoopClient&) = delete;
    LoopClient& operator=(const LoopClient&) = delete;

    /// Calls `done` from the loop, never from inside this call.
    virtual InFlight request(const Ticket& ticket, Completion done) = 0;

    /// Ends the request; its completion is destroyed without a call.
    virtual void cancel(InFlight request) = 0;

    /// `Response r = co_await client.request(ticket);`
    /// Cancelling the task that awaits ends the request. The ticket outlives the wait.
    Answer request(const Ticket& ticket);

  protected:
    explicit LoopClient(Loop& loop) : loop_(loop) {}

  private:
    Loop& loop_;
};

/// For callbacks without an event loop of the caller's: the client waits for all its requests at once. One
/// thread.
class PollingClient {
  public:
    virtual ~PollingClient() = default;

    /// `done` is called by run().
    virtual void request(const Ticket& ticket, Completion done) = 0;

    /// Calls `action` from run() at `when`, never earlier.
    virtual void at(TimePoint when, std::function<void()> action) = 0;

    /// Returns when no request and nothing that at() was told is left.
    virtual void run() = 0;
};

/// A kind of work has no client of this sort; the message is the reason, a sentence.
class Unavailable : public Error {
  public:
    using Error::Error;
};

/// What requests are sent to, whatever kind of work they are. Strategies see nothing else of it. Outlives its
/// clients, which keep their connections. May be asked for clients by several threads at once.
class Service {
  public:
    virtual ~Service() = default;

    // Each throws Unavailable where the kind of work has no such interface.
    virtual std::unique_ptr<BlockingClient> blocking() = 0;
    /// `users`: how many requests it will have in flight at most.
    virtual std::unique_ptr<LoopClient> on(Loop& loop, std::uint32_t users) = 0;
    virtual std::unique_ptr<PollingClient> polling(std::uint32_t users) = 0;
};

/// The awaitable of `co_await client.request(ticket)`: sends the request when awaited and gives its Response.
/// Destroying the waiting coroutine ends the request.
class [[nodiscard]] Answer final : public detail::ResponseAwaiter<Answer> {
  public:
    Answer(Loop& loop, LoopClient& client, const Ticket& ticket)
        : ResponseAwaiter(loop), client_(client), ticket_(ticket) {}
    ~Answer() {
        if (in_flight_ != nullptr) client_.cancel(in_flight_);
    }

  private:
    friend class detail::ResponseAwaiter<Answer>;
    void start(Completion done) { in_flight_ = client_.request(ticket_, std::move(done)); }
    void ended() { in_flight_ = nullptr; }
    void give_up() { client_.cancel(std::exchange(in_flight_, nullptr)); }

    LoopClient& client_;
    const Ticket& ticket_;
    LoopClient::InFlight in_flight_ = nullptr;
};

inline Answer LoopClient::request(const Ticket& ticket) {
    return Answer(loop_, *this, ticket);
}

}  // namespace asyncbench
