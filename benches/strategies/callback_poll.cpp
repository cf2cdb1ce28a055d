// Callbacks without an event loop: libcurl's own curl_multi_poll waits for all transfers at once. Each round
// looks at every transfer in flight, so it is at its best when most of them have something to do.

#include <utility>
#include <vector>

#include "benches/strategies/strategies.hpp"
#include "harness/http/poll_session.hpp"

namespace asyncbench {
namespace {

/// One user: takes a ticket, waits for its time, sends, records the answer, and starts again.
class User {
  public:
    User(PollSession& session, Plan& plan, Recorder& recorder)
        : session_(session), plan_(plan), recorder_(recorder) {}

    void next() {
        auto ticket = plan_.next();
        if (!ticket) return;
        ticket_ = std::move(*ticket);
        if (!ticket_.early) return send();
        session_.at(ticket_.intended_start, [this] { send(); });
    }

  private:
    void send() {
        const auto exchange = recorder_.begin(ticket_);
        session_.get(ticket_.url, [this, exchange](const Response& response) {
            recorder_.end(exchange, response);
            next();
        });
    }

    PollSession& session_;
    Plan& plan_;
    Recorder& recorder_;
    Ticket ticket_;
};

class CallbackPoll final : public Strategy {
  public:
    explicit CallbackPoll(const StrategyOptions& options) : session_(options.session) {}

    void run(Plan& plan, Recorder& recorder) override {
        std::vector<User> users(plan.concurrency(), User(session_, plan, recorder));
        for (User& user : users) user.next();
        session_.run();
    }

    StrategyStats stats() const override { return {.threads = 1, .loops = std::nullopt}; }

  private:
    PollSession session_;
};

}  // namespace

std::unique_ptr<Strategy> make_callback_poll(const StrategyOptions& options) {
    return std::make_unique<CallbackPoll>(options);
}

}  // namespace asyncbench
