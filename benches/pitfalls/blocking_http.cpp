// A blocking HTTP library in a coroutine, the article's first pitfall: nothing
// in its call says that it waits, and the compiler does not mind. The loop's
// one thread waits with it, and so do all who share the loop.

#include <memory>

#include "async/sync_to_async.hpp"
#include "async/thread_pool.hpp"
#include "benches/pitfalls/httplib_client.hpp"
#include "benches/pitfalls/pitfalls.hpp"
#include "harness/work/service.hpp"

namespace asyncbench {
namespace {

namespace wrong {

Task<Response> fetch_data(HttplibClient& client, Ticket ticket) {
    // Returns when the answer is there; until then nobody has a turn.
    Response response = client.request(ticket);
    co_return response;
}

}  // namespace wrong

namespace right {

Task<Response> fetch_data(LoopClient& client, Ticket ticket) {
    // The loop serves others meanwhile.
    Response response = co_await client.request(ticket);
    co_return response;
}

}  // namespace right

namespace bridged {

Task<Response> fetch_data(ThreadPool& pool, HttplibClient& client,
                          Ticket ticket) {
    // Called on a thread of the pool, while the loop goes on.
    auto request = sync_to_async(&HttplibClient::request, pool);
    Response response = co_await request(&client, ticket);
    co_return response;
}

}  // namespace bridged

Work work_wrong(const StrategyOptions& options) {
    auto client = std::make_shared<HttplibClient>(*options.service);
    return [client](PitfallTrial& trial) {
        return serve_users(trial, [client](Ticket ticket) {
            return wrong::fetch_data(*client, ticket);
        });
    };
}

Work work_bridged(const StrategyOptions& options) {
    auto client = std::make_shared<HttplibClient>(*options.service);
    auto pool = std::make_shared<ThreadPool>(options.concurrency);
    return [client, pool](PitfallTrial& trial) {
        trial.threads += static_cast<std::uint32_t>(pool->size());
        return serve_users(trial, [client, pool](Ticket ticket) {
            return bridged::fetch_data(*pool, *client, ticket);
        });
    };
}

}  // namespace

PitfallBench blocking_http() {
    PitfallBench bench;
    Pitfall& pitfall = bench.pitfall;
    pitfall.name = "blocking-http";
    pitfall.title = "A blocking HTTP library in a coroutine";
    pitfall.source = "blocking_http.cpp";
    pitfall.harms = {"speed", "neighbours"};
    pitfall.harm =
        "The loop's thread waits inside the call, so that requests are done "
        "one after another and nobody "
        "else "
        "on the loop has a turn meanwhile.";
    pitfall.advice =
        "Use a library made for the loop; where you must keep the blocking "
        "one, call it through "
        "sync_to_async.";
    pitfall.metric = "throughput_rps";
    pitfall.scenario = closed_loop("10ms", 16);
    bench.ways = {
        {{"wrong", "cpp-httplib is called on the loop's thread.", {}},
         work_wrong},
        {{"right", "The loop's own session is awaited.", {}},
         serve_with_client(right::fetch_data)},
        {{"bridged", "cpp-httplib is called on a pool of 16 threads.", {}},
         work_bridged}};
    return bench;
}

}  // namespace asyncbench
