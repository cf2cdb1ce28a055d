// An unbounded gather: a list of five hundred URLs becomes five hundred
// requests in flight, with as many connections, at the same moment. Tasks are
// cheap; what they ask for is not.

#include <utility>

#include "async/gather.hpp"
#include "async/semaphore.hpp"
#include "benches/pitfalls/pitfalls.hpp"

namespace asyncbench {
namespace {

constexpr std::uint32_t requests_at_once = 50;

namespace wrong {

Task<> fetch_all(PitfallTrial& trial, std::vector<Ticket> tickets) {
    std::vector<Task<Response>> fetches;
    fetches.reserve(tickets.size());
    for (Ticket& ticket : tickets) {
        fetches.push_back(trial.fetch(ticket));
    }
    // As many connections as there are URLs.
    co_await gather(std::move(fetches));
}

}  // namespace wrong

namespace right {

Task<Response> fetch_in_turn(PitfallTrial& trial, Semaphore& places,
                             Ticket ticket) {
    const Semaphore::Permit place = co_await places.acquire();
    Response response = co_await trial.fetch(ticket);
    co_return response;
}

Task<> fetch_all(PitfallTrial& trial, std::vector<Ticket> tickets) {
    // The other tasks wait for a place, where it costs next to nothing.
    Semaphore places(requests_at_once);
    std::vector<Task<Response>> fetches;
    fetches.reserve(tickets.size());
    for (Ticket& ticket : tickets) {
        fetches.push_back(fetch_in_turn(trial, places, ticket));
    }
    co_await gather(std::move(fetches));
}

}  // namespace right

Work work_wrong(const StrategyOptions&) {
    return [](PitfallTrial& trial) {
        return wrong::fetch_all(trial, trial.take(trial.plan.concurrency()));
    };
}

Work work_right(const StrategyOptions&) {
    return [](PitfallTrial& trial) {
        return right::fetch_all(trial, trial.take(trial.plan.concurrency()));
    };
}

}  // namespace

PitfallBench unbounded_gather() {
    PitfallBench bench;
    Pitfall& pitfall = bench.pitfall;
    pitfall.name = "unbounded-gather";
    pitfall.title = "A gather without a bound";
    pitfall.source = "unbounded_gather.cpp";
    pitfall.harms = {"connections", "neighbours", "memory"};
    pitfall.harm =
        "Every URL gets its connection at the same moment: the service is "
        "flooded, memory and descriptors go with the list. A target without "
        "limits, as here, even answers sooner; one with limits refuses.";
    pitfall.advice =
        "Bound what is in flight with a Semaphore inside the gathered tasks.";
    pitfall.metric = "target_connections";
    constexpr std::uint32_t urls = 500;
    pitfall.scenario = batch("50ms", urls, urls);
    pitfall.scenario.warmup =
        Nanoseconds{0};  // would open the connections before
    bench.ways = {
        {{"wrong", "500 requests are gathered at once.", {}}, work_wrong},
        {{"right", "A semaphore lets 50 of them in at a time.", {}},
         work_right}};
    return bench;
}

}  // namespace asyncbench
