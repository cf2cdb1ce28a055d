// A sleep that blocks: a handler that has to pause puts the whole thread to
// sleep, and the loop with it.

#include <thread>

#include "async/sleep.hpp"
#include "benches/pitfalls/pitfalls.hpp"
#include "harness/work/service.hpp"

namespace asyncbench {
namespace {

/// Between two calls, as a service with a rate limit asks for it.
constexpr std::chrono::milliseconds pause{2};

namespace wrong {

Task<Response> fetch_data(LoopClient& client, Ticket ticket) {
    // The thread sleeps, and with it all who share the loop.
    std::this_thread::sleep_for(pause);
    Response response = co_await client.request(ticket);
    co_return response;
}

}  // namespace wrong

namespace right {

Task<Response> fetch_data(LoopClient& client, Ticket ticket) {
    co_await sleep_for(pause);  // this task sleeps, the others go on
    Response response = co_await client.request(ticket);
    co_return response;
}

}  // namespace right

}  // namespace

PitfallBench blocking_sleep() {
    PitfallBench bench;
    Pitfall& pitfall = bench.pitfall;
    pitfall.name = "blocking-sleep";
    pitfall.title = "A sleep that blocks the thread";
    pitfall.source = "blocking_sleep.cpp";
    pitfall.harms = {"speed", "neighbours"};
    pitfall.harm =
        "Each pause is a pause of the whole loop: pauses add up instead of "
        "passing side by side.";
    pitfall.advice =
        "Await a timer: co_await sleep_for(...) instead of "
        "std::this_thread::sleep_for(...).";
    pitfall.metric = "throughput_rps";
    pitfall.scenario = closed_loop("10ms", 16);
    bench.ways = {
        {{"wrong", "std::this_thread::sleep_for on the loop's thread.", {}},
         serve_with_client(wrong::fetch_data)},
        {{"right", "The loop's timer is awaited.", {}},
         serve_with_client(right::fetch_data)}};
    return bench;
}

}  // namespace asyncbench
