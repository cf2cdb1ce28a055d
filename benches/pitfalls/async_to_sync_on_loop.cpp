// async_to_sync on the loop. A synchronous function in the middle of
// asynchronous code wants to wait for a task; the thread that waits is the one
// that the task needs. asgiref raises an error at the call, and so does
// asyncbench: anything else would wait for ever.

#include <memory>

#include "async/async_to_sync.hpp"
#include "async/sync_to_async.hpp"
#include "async/thread_pool.hpp"
#include "benches/pitfalls/pitfalls.hpp"
#include "harness/work/service.hpp"

namespace asyncbench {
namespace {

Task<Response> fetch_data(LoopClient& client, Ticket ticket) {
    Response response = co_await client.request(ticket);
    co_return response;
}

namespace wrong {

Response load(LoopClient& client, const Ticket& ticket) {
    auto fetch_now = async_to_sync(fetch_data);
    return fetch_now(client, ticket);
}

Task<Response> handle(LoopClient& client, Ticket ticket) {
    // Would wait on the loop's thread for what only that thread can do.
    Response response = load(client, ticket);
    co_return response;
}

}  // namespace wrong

namespace right {

Task<Response> handle(LoopClient& client, Ticket ticket) {
    Response response = co_await fetch_data(client, ticket);
    co_return response;
}

}  // namespace right

namespace bridged {

Response load(LoopClient& client, const Ticket& ticket) {
    auto fetch_now = async_to_sync(fetch_data);
    // Runs on the loop that awaits this function; this thread waits.
    return fetch_now(client, ticket);
}

Task<Response> handle(LoopClient& client, ThreadPool& pool, Ticket ticket) {
    auto load_elsewhere = sync_to_async(load, pool);
    Response response = co_await load_elsewhere(std::ref(client), ticket);
    co_return response;
}

}  // namespace bridged

Work work_bridged(const StrategyOptions& options) {
    auto pool = std::make_shared<ThreadPool>(options.concurrency);
    return [pool](PitfallTrial& trial) {
        trial.threads += static_cast<std::uint32_t>(pool->size());
        return serve_users(trial,
                           [&client = trial.client, pool](Ticket ticket) {
                               return bridged::handle(client, *pool, ticket);
                           });
    };
}

}  // namespace

PitfallBench async_to_sync_on_loop() {
    PitfallBench bench;
    Pitfall& pitfall = bench.pitfall;
    pitfall.name = "async-to-sync-on-loop";
    pitfall.title = "async_to_sync on the loop's own thread";
    pitfall.source = "async_to_sync_on_loop.cpp";
    pitfall.harms = {"deadlock", "lost work"};
    pitfall.harm =
        "The loop would wait for a task that only the loop can run. The bridge "
        "refuses at the call, and no "
        "request is sent.";
    pitfall.advice =
        "Await the function directly; where synchronous code stands between, "
        "run that through sync_to_async, "
        "and its async_to_sync comes back to this loop.";
    pitfall.scenario = batch("5ms", 16, 200);
    pitfall.scenario.warmup =
        Nanoseconds{0};  // would raise some hundred thousand errors
    bench.ways = {
        {{"wrong", "A synchronous function on the loop waits for a task.", {}},
         serve_with_client(wrong::handle)},
        {{"right", "The task is awaited.", {}},
         serve_with_client(right::handle)},
        {{"bridged",
          "The synchronous function runs on a pool, its task on the loop.",
          {}},
         work_bridged}};
    return bench;
}

}  // namespace asyncbench
