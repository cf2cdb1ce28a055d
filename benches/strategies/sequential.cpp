// One request after another: send, wait, go on. The simplest code there is, and while it waits it does
// nothing.

#include <memory>
#include <thread>

#include "benches/strategies/strategies.hpp"

namespace asyncbench {
namespace {

class Sequential final : public Strategy {
  public:
    explicit Sequential(const StrategyOptions& options) : client_(options.service->blocking()) {}

    void run(Plan& plan, Recorder& recorder) override {
        while (const auto ticket = plan.next()) {
            std::this_thread::sleep_until(ticket->intended_start);
            const auto exchange = recorder.begin(*ticket);
            const Response response = client_->request(*ticket);
            recorder.end(exchange, response);
        }
    }

    StrategyStats stats() const override { return {.threads = 1, .loops = std::nullopt}; }

  private:
    std::unique_ptr<BlockingClient> client_;
};

}  // namespace

std::unique_ptr<Strategy> make_sequential(const StrategyOptions& options) {
    return std::make_unique<Sequential>(options);
}

}  // namespace asyncbench
