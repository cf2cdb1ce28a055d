// No timeout: most answers come in milliseconds, one never comes, and whoever
// waits for all waits for that one.

#include "async/timeout.hpp"
#include "benches/pitfalls/pitfalls.hpp"
#include "harness/work/service.hpp"

namespace asyncbench {
namespace {

constexpr std::chrono::milliseconds limit{60};

namespace wrong {

Task<Response> fetch_data(LoopClient& client, Ticket ticket) {
    // As long as it takes.
    Response response = co_await client.request(ticket);
    co_return response;
}

}  // namespace wrong

namespace right {

Task<Response> fetch(LoopClient& client, Ticket ticket) {
    Response response = co_await client.request(ticket);
    co_return response;
}

Task<Response> fetch_data(LoopClient& client, Ticket ticket) {
    Response response;
    try {
        response = co_await with_timeout(fetch(client, ticket), limit);
    } catch (const TimeoutError& late) {
        // The transfer was ended, and the others never noticed.
        response.error = TransportError::timeout;
        response.message = late.what();
    }
    co_return response;
}

}  // namespace right

}  // namespace

PitfallBench no_timeout() {
    PitfallBench bench;
    Pitfall& pitfall = bench.pitfall;
    pitfall.name = "no-timeout";
    pitfall.title = "Waiting without a timeout";
    pitfall.source = "no_timeout.cpp";
    pitfall.harms = {"speed", "hangs"};
    pitfall.harm =
        "Two requests in a hundred are never answered; their users wait until "
        "the library gives up, here after 600 ms, by default after 30 s or "
        "never, and the whole batch waits for them.";
    pitfall.advice =
        "Give every wait a limit that fits the work: co_await "
        "with_timeout(task, 60ms).";
    pitfall.metric = "throughput_rps";
    pitfall.scenario = batch("10ms", 16, 400);
    pitfall.scenario.profile.faults.stall = 0.02;
    pitfall.scenario.timeout = std::chrono::milliseconds{600};
    pitfall.scenario.warmup = Nanoseconds{0};  // would meet the same requests
    bench.ways = {
        {{"wrong",
          "The answer is awaited for as long as the library waits.",
          {}},
         serve_with_client(wrong::fetch_data)},
        {{"right",
          "with_timeout ends the wait, and the transfer, after 60 ms.",
          {}},
         serve_with_client(right::fetch_data)}};
    return bench;
}

}  // namespace asyncbench
