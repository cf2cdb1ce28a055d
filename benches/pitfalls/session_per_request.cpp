// A session for each request, as the article's own snippet has it (`async with
// aiohttp.ClientSession()` inside fetch_data). A session is where connections
// are kept; whoever makes one for each request keeps none.

#include <utility>

#include "benches/pitfalls/pitfalls.hpp"
#include "harness/http/fetch.hpp"

namespace asyncbench {
namespace {

namespace wrong {

Task<Response> fetch_data(Loop& loop, SessionOptions options, std::string url) {
    // Opens a connection, uses it once, and closes it.
    AsyncSession session(loop, options);
    Response response = co_await session.get(std::move(url));
    co_return response;
}

}  // namespace wrong

namespace right {

Task<Response> fetch_data(AsyncSession& session, std::string url) {
    // The session was made once, for all requests.
    Response response = co_await session.get(std::move(url));
    co_return response;
}

}  // namespace right

Work work_wrong(const StrategyOptions& options) {
    return [session_options = options.session](Service& service) {
        return serve_users(
            service, [&loop = service.loop, session_options](std::string url) {
                return wrong::fetch_data(loop, session_options, std::move(url));
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
                   serve_with_session(right::fetch_data)}};
    return bench;
}

}  // namespace asyncbench
