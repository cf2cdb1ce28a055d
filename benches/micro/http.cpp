// One request at a time to a target in this process, by each way to use libcurl. Wall time of the whole
// round trip, the target's share included; it is the same for all.
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <string>

#include "async/loop.hpp"
#include "async/run.hpp"
#include "async/task.hpp"
#include "benches/micro/allocation_counter.hpp"
#include "harness/http/async_session.hpp"
#include "harness/http/blocking_session.hpp"
#include "harness/http/transfer.hpp"
#include "targets/target.hpp"

namespace asyncbench {
namespace {

class Target {
  public:
    Target() { initialize_curl(); }
    const std::string& url() const { return url_; }

  private:
    static TargetOptions options() {
        TargetOptions options;
        options.profile.delay = DelaySpec::parse("0ms");
        options.profile.payload_bytes = 16;
        return options;
    }
    MockTarget target_{options()};
    std::string url_ = fmt::format("http://127.0.0.1:{}/io/micro/1", target_.port());
};

bool arrived(benchmark::State& state, const Response& response) {
    if (response.status != 200) {
        state.SkipWithError("the target did not answer with status 200");
    }
    return response.status == 200;
}

void request_easy_reused(benchmark::State& state) {
    const Target target;
    BlockingSession session({});
    const AllocationCounter allocations(state);
    for (auto _ : state) {
        if (!arrived(state, session.get(target.url()))) break;
    }
}
BENCHMARK(request_easy_reused)->UseRealTime();

void request_easy_new(benchmark::State& state) {
    const Target target;
    const AllocationCounter allocations(state);
    for (auto _ : state) {
        BlockingSession session({});
        if (!arrived(state, session.get(target.url()))) break;
    }
}
BENCHMARK(request_easy_new)->Iterations(200)->UseRealTime();  // each uses up a port

Task<void> request_again(benchmark::State& state, AsyncSession& session, const std::string& url) {
    const AllocationCounter allocations(state);
    for (auto _ : state) {
        const Response response = co_await session.get(url);
        if (!arrived(state, response)) break;
    }
}

void request_multi_on_loop(benchmark::State& state) {
    const Target target;
    Loop loop;
    AsyncSession session(loop, {});
    run(loop, request_again(state, session, target.url()));
}
BENCHMARK(request_multi_on_loop)->UseRealTime();

}  // namespace
}  // namespace asyncbench
