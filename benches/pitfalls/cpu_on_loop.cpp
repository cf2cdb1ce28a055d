// CPU work on the loop. Nothing waits, so nothing looks wrong; but while one
// answer is rendered, all the others that have arrived lie there, and so do the
// turns of everybody else.

#include <algorithm>
#include <memory>
#include <thread>

#include "async/sync_to_async.hpp"
#include "async/thread_pool.hpp"
#include "benches/pitfalls/pitfalls.hpp"
#include "harness/work/compute.hpp"
#include "harness/work/service.hpp"

namespace asyncbench {
namespace {

/// Stands for parsing, compressing, rendering: six milliseconds of a CPU.
void render(const std::string& /*body*/) {
    compute(std::chrono::milliseconds{6});
}

namespace wrong {

Task<Response> fetch_data(LoopClient& client, Ticket ticket) {
    Response response = co_await client.request(ticket);
    // Six milliseconds in which nobody else on the loop has a turn.
    render(response.body);
    co_return response;
}

}  // namespace wrong

namespace right {

Task<Response> fetch_data(LoopClient& client, ThreadPool& pool, Ticket ticket) {
    Response response = co_await client.request(ticket);
    // The pool leaves a CPU to the loop, which goes on.
    auto render_elsewhere = sync_to_async(render, pool);
    co_await render_elsewhere(response.body);
    co_return response;
}

}  // namespace right

Work work_right(const StrategyOptions&) {
    auto pool = std::make_shared<ThreadPool>(
        std::max(2U, std::thread::hardware_concurrency()) - 1);
    return [pool](PitfallTrial& trial) {
        trial.threads += static_cast<std::uint32_t>(pool->size());
        return serve_users(trial,
                           [&client = trial.client, pool](Ticket ticket) {
                               return right::fetch_data(client, *pool, ticket);
                           });
    };
}

}  // namespace

PitfallBench cpu_on_loop() {
    PitfallBench bench;
    Pitfall& pitfall = bench.pitfall;
    pitfall.name = "cpu-on-loop";
    pitfall.title = "CPU work on the loop";
    pitfall.source = "cpu_on_loop.cpp";
    pitfall.harms = {"neighbours"};
    pitfall.harm =
        "Answers that arrive together are worked on one after another on the "
        "one thread that should give "
        "everybody their turn.";
    pitfall.advice =
        "Give work of more than a fraction of a millisecond to a pool: "
        "co_await sync_to_async(f, pool)(...).";
    pitfall.metric = "neighbour_delay_p99_ns";
    pitfall.scenario = closed_loop("20ms", 3);
    bench.ways = {
        {{"wrong", "Each answer is rendered on the loop's thread.", {}},
         serve_with_client(wrong::fetch_data)},
        {{"right", "Each answer is rendered on a pool of threads.", {}},
         work_right}};
    return bench;
}

}  // namespace asyncbench
