// A pool that starves: its jobs wait for further jobs of the same pool. As soon
// as there are as many waiting jobs as threads, the ones they wait for never
// begin.

#include <fmt/format.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <utility>

#include "async/async_to_sync.hpp"
#include "async/sync_to_async.hpp"
#include "async/thread_pool.hpp"
#include "benches/pitfalls/httplib_client.hpp"
#include "benches/pitfalls/pitfalls.hpp"
#include "harness/work/service.hpp"

namespace asyncbench {
namespace {

constexpr std::size_t threads_in_pool = 4;

/// Submits `job` and waits for it, as std::future::get() does, but gives up
/// where it does not begin: so that the deadlock ends and can be counted.
Response submit_and_wait(ThreadPool& pool, std::function<Response()> job) {
    constexpr std::chrono::milliseconds patience{50};
    // Whoever is first: the thread that begins the job, or this one, which then
    // takes it back.
    auto decided = std::make_shared<std::atomic<bool>>(false);
    auto answer = pool.submit_for_result([job = std::move(job), decided] {
        return decided->exchange(true) ? Response{} : job();
    });
    if (answer.wait_for(patience) != std::future_status::ready &&
        !decided->exchange(true)) {
        throw GaveUp(
            fmt::format("no thread of the pool began the job within {} ms, as "
                        "all of its {} threads "
                        "wait in this way; get() would have waited for ever.",
                        patience.count(), pool.size()));
    }
    return answer.get();
}

namespace wrong {

Response load(ThreadPool& pool, HttplibClient& client, const Ticket& ticket) {
    // A thread of the pool waits for another thread of the pool.
    return submit_and_wait(
        pool, [&client, ticket] { return client.request(ticket); });
}

Task<Response> handle(ThreadPool& pool, HttplibClient& client, Ticket ticket) {
    auto load_elsewhere = sync_to_async(load, pool);
    Response response =
        co_await load_elsewhere(std::ref(pool), std::ref(client), ticket);
    co_return response;
}

}  // namespace wrong

namespace right {

Task<Response> load(ThreadPool& pool, HttplibClient& client, Ticket ticket) {
    auto request = sync_to_async(&HttplibClient::request, pool);
    Response response = co_await request(&client, ticket);
    co_return response;
}

Task<Response> handle(ThreadPool& pool, HttplibClient& client, Ticket ticket) {
    // A coroutine that waits holds no thread.
    Response response = co_await load(pool, client, ticket);
    co_return response;
}

}  // namespace right

namespace bridged {

Task<Response> fetch_data(LoopClient& client, Ticket ticket) {
    Response response = co_await client.request(ticket);
    co_return response;
}

Response load(LoopClient& client, const Ticket& ticket) {
    // A thread of the pool waits for the loop, which needs none of them.
    auto fetch_now = async_to_sync(fetch_data);
    return fetch_now(client, ticket);
}

Task<Response> handle(ThreadPool& pool, LoopClient& client, Ticket ticket) {
    auto load_elsewhere = sync_to_async(load, pool);
    Response response = co_await load_elsewhere(std::ref(client), ticket);
    co_return response;
}

}  // namespace bridged

struct Parts {
    explicit Parts(const StrategyOptions& options) : client(*options.service) {}
    HttplibClient client;
    ThreadPool pool{threads_in_pool};  // ends first
};

using Handle = Task<Response> (*)(ThreadPool&, HttplibClient&, Ticket);

Work work_with(const StrategyOptions& options, Handle handle) {
    auto parts = std::make_shared<Parts>(options);
    return [parts, handle](PitfallTrial& trial) {
        trial.threads += threads_in_pool;
        return serve_users(trial, [parts, handle](Ticket ticket) {
            return handle(parts->pool, parts->client, ticket);
        });
    };
}

Work work_wrong(const StrategyOptions& options) {
    return work_with(options, wrong::handle);
}

Work work_right(const StrategyOptions& options) {
    return work_with(options, right::handle);
}

Work work_bridged(const StrategyOptions&) {
    auto pool = std::make_shared<ThreadPool>(threads_in_pool);
    return [pool](PitfallTrial& trial) {
        trial.threads += threads_in_pool;
        return serve_users(trial,
                           [&client = trial.client, pool](Ticket ticket) {
                               return bridged::handle(*pool, client, ticket);
                           });
    };
}

}  // namespace

PitfallBench nested_pool_waits() {
    PitfallBench bench;
    Pitfall& pitfall = bench.pitfall;
    pitfall.name = "nested-pool-waits";
    pitfall.title = "Jobs that wait for jobs of their own pool";
    pitfall.source = "nested_pool_waits.cpp";
    pitfall.harms = {"deadlock", "lost work"};
    pitfall.harm =
        "All threads of the pool wait for jobs that stand in its queue behind "
        "them. It works in every test "
        "with fewer jobs than threads.";
    pitfall.advice =
        "Wait in coroutines, which hold no thread, or let the job wait for the "
        "loop through async_to_sync; "
        "never for its own pool.";
    pitfall.scenario = batch("5ms", 16, 48);
    pitfall.scenario.warmup = Nanoseconds{0};  // starves the first time, too
    bench.ways = {
        {{"wrong", "A job waits for a second job of the same pool of 4.", {}},
         work_wrong},
        {{"right", "Coroutines wait; a job only ever works.", {}}, work_right},
        {{"bridged", "The job waits for a task of the loop.", {}},
         work_bridged}};
    return bench;
}

}  // namespace asyncbench
