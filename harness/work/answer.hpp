#pragma once

#include <utility>

#include "harness/work/response_awaiter.hpp"
#include "harness/work/service.hpp"

namespace asyncbench {

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
