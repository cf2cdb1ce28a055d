// Everything through the thread-sensitive thread. sync_to_async is careful by
// default: it takes the function for one that must not run beside others, and
// so all such functions of a program share one thread.

#include <memory>

#include "async/sync_to_async.hpp"
#include "async/thread_pool.hpp"
#include "benches/pitfalls/httplib_client.hpp"
#include "benches/pitfalls/pitfalls.hpp"

namespace asyncbench {
namespace {

namespace wrong {

Task<Response> fetch_data(HttplibClient& client, Ticket ticket) {
    // Thread-sensitive by default: one call at a time, in the whole program.
    auto request = sync_to_async(&HttplibClient::request);
    Response response = co_await request(&client, ticket);
    co_return response;
}

}  // namespace wrong

namespace right {

Task<Response> fetch_data(HttplibClient& client, ThreadPool& pool,
                          Ticket ticket) {
    // HttplibClient says that it is thread-safe, so its calls may run together.
    auto request = sync_to_async(&HttplibClient::request, pool);
    Response response = co_await request(&client, ticket);
    co_return response;
}

}  // namespace right

Work work_wrong(const StrategyOptions& options) {
    auto client = std::make_shared<HttplibClient>(*options.service);
    return [client](PitfallTrial& trial) {
        trial.threads += 1;
        return serve_users(trial, [client](Ticket ticket) {
            return wrong::fetch_data(*client, ticket);
        });
    };
}

Work work_right(const StrategyOptions& options) {
    auto client = std::make_shared<HttplibClient>(*options.service);
    auto pool = std::make_shared<ThreadPool>(options.concurrency);
    return [client, pool](PitfallTrial& trial) {
        trial.threads += static_cast<std::uint32_t>(pool->size());
        return serve_users(trial, [client, pool](Ticket ticket) {
            return right::fetch_data(*client, *pool, ticket);
        });
    };
}

}  // namespace

PitfallBench thread_sensitive_everything() {
    PitfallBench bench;
    Pitfall& pitfall = bench.pitfall;
    pitfall.name = "thread-sensitive-everything";
    pitfall.title = "Everything through the thread-sensitive thread";
    pitfall.source = "thread_sensitive_everything.cpp";
    pitfall.harms = {"speed"};
    pitfall.harm =
        "Calls that could run side by side queue for one thread. The loop is "
        "idle and its neighbours are well, "
        "so that nothing points at the cause.";
    pitfall.advice =
        "Give sync_to_async a pool for code that is thread-safe, and keep the "
        "default for code that is not.";
    pitfall.metric = "throughput_rps";
    pitfall.scenario = closed_loop("10ms", 16);
    bench.ways = {
        {{"wrong", "sync_to_async with its default.", {}}, work_wrong},
        {{"right", "sync_to_async with a pool of 16 threads.", {}},
         work_right}};
    return bench;
}

}  // namespace asyncbench
