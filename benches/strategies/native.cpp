// Callbacks on the connections of the load generator, without libcurl: the same users as those of
// callback-poll, so that the difference between the two is what libcurl costs.

#include <vector>

#include "benches/strategies/strategies.hpp"
#include "harness/engine/native_client.hpp"

namespace asyncbench {
namespace {

/// One user: takes a ticket, waits for its time, sends, records the answer, and starts again.
class NativeUser {
  public:
    NativeUser(PollingClient& client, Plan& plan, Recorder& recorder)
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

class Native final : public Strategy {
  public:
    explicit Native(const StrategyOptions& options)
        : client_(make_native_client(*options.service, options.concurrency)) {}

    void run(Plan& plan, Recorder& recorder) override {
        std::vector<NativeUser> users(plan.concurrency(), NativeUser(*client_, plan, recorder));
        for (NativeUser& user : users) user.next();
        client_->run();
    }

    StrategyStats stats() const override { return {.threads = 1, .loops = std::nullopt}; }

  private:
    std::unique_ptr<PollingClient> client_;
};

}  // namespace

std::unique_ptr<Strategy> make_native(const StrategyOptions& options) {
    return std::make_unique<Native>(options);
}

}  // namespace asyncbench
