// The event loop of the callbacks under code that reads like the sequential one: co_await gives the thread to
// others until the answer is there.

#include <utility>
#include <vector>

#include "async/gather.hpp"
#include "async/run.hpp"
#include "async/sleep.hpp"
#include "async/task.hpp"
#include "benches/strategies/loop_group.hpp"
#include "benches/strategies/strategies.hpp"
#include "harness/work/service.hpp"

namespace asyncbench {
namespace {

Task<> user(LoopClient& client, Plan& plan, Recorder& recorder) {
    while (const auto ticket = plan.next()) {
        if (ticket->early) co_await sleep_until(ticket->intended_start);
        const auto exchange = recorder.begin(*ticket);
        const Response response = co_await client.request(*ticket);
        recorder.end(exchange, response);
    }
}

class Coroutine final : public Strategy {
  public:
    explicit Coroutine(const StrategyOptions& options) : loops_(options) {}

    void run(Plan& plan, Recorder& recorder) override {
        loops_.run([&](LoopGroup::Worker& worker) {
            std::vector<Task<>> users;
            users.reserve(worker.users);
            for (std::uint32_t i = 0; i < worker.users; ++i) {
                users.push_back(user(*worker.client, plan, recorder));
            }
            asyncbench::run(worker.loop, gather(std::move(users)));
        });
    }

    StrategyStats stats() const override { return loops_.stats(); }

  private:
    LoopGroup loops_;
};

}  // namespace

std::unique_ptr<Strategy> make_coroutine(const StrategyOptions& options) {
    return std::make_unique<Coroutine>(options);
}

}  // namespace asyncbench
