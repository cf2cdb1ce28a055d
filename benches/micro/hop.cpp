// Hops: a callback posts itself, a coroutine resumes in a later step, again and again on a running loop.
// state.range(0) chains of them are in flight; an iteration is one hop.
#include <benchmark/benchmark.h>

#include <boost/asio/post.hpp>
#include <coroutine>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "async/gather.hpp"
#include "async/loop.hpp"
#include "async/run.hpp"
#include "async/schedule.hpp"
#include "async/task.hpp"
#include "benches/micro/allocation_counter.hpp"
#include "benches/micro/asio_awaitable.hpp"
#include "benches/micro/hops.hpp"

namespace asyncbench {
namespace {

void post_callback(benchmark::State& state) {
    Loop loop;
    Hops hops(state);
    struct Hop {
        Loop& loop;
        Hops& hops;
        void operator()() const { hops.more() ? loop.post(*this) : loop.stop(); }
    };
    for (std::int64_t chain = 0; chain < state.range(0); ++chain) {
        loop.post(Hop{loop, hops});
    }
    const AllocationCounter allocations(state);
    loop.run();
}
BENCHMARK(post_callback)->Arg(1)->Arg(100);

void asio_post_callback(benchmark::State& state) {
    AsioContext context(1);
    Hops hops(state);
    struct Hop {
        AsioContext& context;
        Hops& hops;
        void operator()() const {
            if (hops.more()) {
                boost::asio::post(context, *this);
            } else {
                context.stop();
            }
        }
    };
    for (std::int64_t chain = 0; chain < state.range(0); ++chain) {
        boost::asio::post(context, Hop{context, hops});
    }
    const AllocationCounter allocations(state);
    context.run();
}
BENCHMARK(asio_post_callback)->Arg(1)->Arg(100);

class PostHop {
  public:
    explicit PostHop(Loop& loop) : loop_(loop) {}
    static bool await_ready() noexcept { return false; }
    void await_suspend(std::coroutine_handle<> awaiting) { loop_.post(awaiting); }
    void await_resume() const noexcept {}

  private:
    Loop& loop_;
};

template <class Hop>
Task<void> hop_on(Loop& loop, Hops& hops) {
    while (hops.more()) {
        co_await Hop(loop);
    }
}

template <class Hop>
void hop_chains(benchmark::State& state) {
    Loop loop;
    Hops hops(state);
    std::vector<Task<void>> chains;
    chains.reserve(static_cast<std::size_t>(state.range(0)));
    for (std::int64_t chain = 0; chain < state.range(0); ++chain) {
        chains.push_back(hop_on<Hop>(loop, hops));
    }
    const AllocationCounter allocations(state);
    run(loop, gather(std::move(chains)));
}

void post_coroutine(benchmark::State& state) {
    hop_chains<PostHop>(state);
}
BENCHMARK(post_coroutine)->Arg(1)->Arg(100);

void resume_on_loop(benchmark::State& state) {
    hop_chains<ResumeOn>(state);
}
BENCHMARK(resume_on_loop)->Arg(1)->Arg(100);

AsioTask<void> asio_hop(AsioContext& context, Hops& hops) {
    while (hops.more()) {
        co_await boost::asio::post(context, AsioToken());
    }
}

void asio_post_awaitable(benchmark::State& state) {
    AsioContext context(1);
    Hops hops(state);
    for (std::int64_t chain = 0; chain < state.range(0); ++chain) {
        boost::asio::co_spawn(context, asio_hop(context, hops), boost::asio::detached);
    }
    const AllocationCounter allocations(state);
    context.run();
}
BENCHMARK(asio_post_awaitable)->Arg(1)->Arg(100);

}  // namespace
}  // namespace asyncbench
