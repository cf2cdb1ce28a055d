// asyncbench with one strategy more: `std::async` for each request, from a program that links the library.
//
//     own_strategy run -s thread-pool,std-async -c 64

#include <cstdint>
#include <deque>
#include <future>
#include <memory>
#include <thread>

#include "benches/strategies/strategies.hpp"
#include "cli/command_line.hpp"
#include "harness/work/client_pool.hpp"

namespace {

using namespace asyncbench;

class StdAsync final : public Strategy {
  public:
    explicit StdAsync(const StrategyOptions& options)
        : clients_(*options.service), concurrency_(options.concurrency) {}

    void run(Plan& plan, Recorder& recorder) override {
        std::deque<std::future<void>> in_flight;
        while (const auto ticket = plan.next()) {
            std::this_thread::sleep_until(ticket->intended_start);
            in_flight.push_back(std::async(std::launch::async, [this, ticket = *ticket, &recorder] {
                const auto exchange = recorder.begin(ticket);
                const Response response = clients_.request(ticket);
                recorder.end(exchange, response);
            }));
            // Waits for the oldest, before it takes the next ticket: a closed loop's request is due as soon
            // as it is taken.
            if (in_flight.size() == concurrency_) {
                in_flight.front().get();
                in_flight.pop_front();
            }
        }
        for (auto& request : in_flight) request.get();
    }

    StrategyStats stats() const override { return {.threads = concurrency_, .loops = std::nullopt}; }

  private:
    ClientPool clients_;
    std::uint32_t concurrency_;
};

}  // namespace

int main(int argc, char** argv) {
    StrategyRegistry strategies = builtin_strategies();
    strategies.add({"std-async", "std::async for each request.", "", {}},
                   [](const StrategyOptions& options) { return std::make_unique<StdAsync>(options); });
    return command_line(argc, argv, strategies);
}
