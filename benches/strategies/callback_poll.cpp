// Callbacks without an event loop: libcurl's own curl_multi_poll waits for all transfers at once. Each round
// looks at every transfer in flight, so it is at its best when most of them have something to do.

#include <vector>

#include "benches/strategies/strategies.hpp"

namespace asyncbench {
namespace {

/// One user: takes a ticket, waits for its time, sends, records the answer, and starts again.
class User {
  public:
    User(PollingClient& client, Plan& plan, Recorder& recorder)
        : client_(client), plan_(plan), recorder_(recorder) {}

    void next() {
        auto ticket = plan_.next();
        if (!ticket) return;
        ticket_ = *ticket;
        if (!ticket_.early) return send();
        client_.at(ticket_.intended_start, [this] { send(); });
    }

  private:
    void send() {
        const auto exchange = recorder_.begin(ticket_);
        client_.request(ticket_, [this, exchange](const Response& response) {
            recorder_.end(exchange, response);
            next();
        });
    }

    PollingClient& client_;
    Plan& plan_;
    Recorder& recorder_;
    Ticket ticket_;
};

class CallbackPoll final : public Strategy {
  public:
    explicit CallbackPoll(const StrategyOptions& options)
        : client_(options.service->polling(options.concurrency)) {}

    void run(Plan& plan, Recorder& recorder) override {
        std::vector<User> users(plan.concurrency(), User(*client_, plan, recorder));
        for (User& user : users) user.next();
        client_->run();
    }

    StrategyStats stats() const override { return {.threads = 1, .loops = std::nullopt}; }

  private:
    std::unique_ptr<PollingClient> client_;
};

}  // namespace

std::unique_ptr<Strategy> make_callback_poll(const StrategyOptions& options) {
    return std::make_unique<CallbackPoll>(options);
}

}  // namespace asyncbench
