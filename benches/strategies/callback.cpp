// One thread, an event loop, and functions that are called when something is ready. Thousands of requests
// wait at once; what was one loop of code becomes a chain of calls, and whoever writes the chain keeps its
// state alive.

#include <utility>
#include <vector>

#include "async/timer.hpp"
#include "benches/strategies/loop_group.hpp"
#include "benches/strategies/strategies.hpp"

namespace asyncbench {
namespace {

/// One user: takes a ticket, waits for its time, sends, records the answer, and starts again.
class User {
  public:
    User(LoopGroup::Worker& worker, Plan& plan, Recorder& recorder, std::function<void()> done)
        : client_(*worker.client),
          timer_(worker.loop),
          plan_(plan),
          recorder_(recorder),
          done_(std::move(done)) {}

    void next() {
        auto ticket = plan_.next();
        if (!ticket) return done_();
        ticket_ = *ticket;
        if (!ticket_.early) return send();
        timer_.at(ticket_.intended_start, [this] { send(); });
    }

  private:
    void send() {
        const auto exchange = recorder_.begin(ticket_);
        client_.request(ticket_, [this, exchange](const Response& response) {
            recorder_.end(exchange, response);
            next();
        });
    }

    LoopClient& client_;
    Timer timer_;
    Plan& plan_;
    Recorder& recorder_;
    std::function<void()> done_;
    Ticket ticket_;
};

class Callback final : public Strategy {
  public:
    explicit Callback(const StrategyOptions& options) : loops_(options) {}

    void run(Plan& plan, Recorder& recorder) override {
        loops_.run([&](LoopGroup::Worker& worker) {
            std::vector<std::unique_ptr<User>> users;
            users.reserve(worker.users);
            std::uint32_t working = worker.users;
            for (std::uint32_t i = 0; i < worker.users; ++i) {
                users.push_back(std::make_unique<User>(worker, plan, recorder, [&] {
                    if (--working == 0) worker.loop.stop();
                }));
            }
            worker.loop.post([&] {
                for (const auto& user : users) user->next();
            });
            worker.loop.run();
        });
    }

    StrategyStats stats() const override { return loops_.stats(); }

  private:
    LoopGroup loops_;
};

}  // namespace

std::unique_ptr<Strategy> make_callback(const StrategyOptions& options) {
    return std::make_unique<Callback>(options);
}

}  // namespace asyncbench
