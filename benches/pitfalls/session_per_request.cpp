// A session for each request, as the article's own snippet has it (`async with
// aiohttp.ClientSession()` inside fetch_data). A session is where connections
// are kept; whoever makes one for each request keeps none.

#include <memory>

#include "benches/pitfalls/pitfalls.hpp"
#include "harness/work/service.hpp"

namespace asyncbench {
namespace {

namespace wrong {

Task<Response> fetch_data(Service& service, Loop& loop, Ticket ticket) {
    // Opens a connection, uses it once, and closes it.
    const std::unique_ptr<LoopClient> session = service.on(loop, 1);
    Response response = co_await session->request(ticket);
    co_return response;
}

}  // namespace wrong

namespace right {

Task<Response> fetch_data(LoopClient& client, Ticket ticket) {
    // The session was made once, for all requests.
    Response response = co_await client.request(ticket);
    co_return response;
}

}  // namespace right

Work work_wrong(const StrategyOptions& options) {
    return [&service = *options.service](PitfallTrial& trial) {
        return serve_users(trial,
                           [&service, &loop = trial.loop](Ticket ticket) {
                               return wrong::fetch_data(service, loop, ticket);
                           });
    };
}

}  // namespace

PitfallBench session_per_request() {
    PitfallBench bench;
    Pitfall& pitfall = bench.pitfall;
    pitfall.name = "session-per-request";
    pitfall.title = "A session for each request";
    pitfall.source = "session_per_request.cpp";
    pitfall.harms = {"speed", "connections"};
    pitfall.harm =
        "Every request opens a connection and closes it again; over a network, "
        "and with TLS, that is several "
        "round trips more each.";
    pitfall.advice =
        "Make one session for the program, and pass it to whoever sends.";
    pitfall.metric = "throughput_rps";
    pitfall.scenario = closed_loop("2ms", 32);
    bench.ways = {{{"wrong",
                    "A session is made inside fetch_data, as in the article.",
                    {}},
                   work_wrong},
                  {{"right", "One session is shared by all requests.", {}},
                   serve_with_client(right::fetch_data)}};
    return bench;
}

}  // namespace asyncbench
