// What coroutines cost on this project's loop, each beside its counterpart of plain Asio.
#include <benchmark/benchmark.h>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>
#include <vector>

#include "harness/async/asio.hpp"
#include "harness/async/gather.hpp"
#include "harness/async/loop.hpp"
#include "harness/async/run.hpp"
#include "harness/async/schedule.hpp"
#include "harness/async/semaphore.hpp"
#include "harness/async/sleep.hpp"
#include "harness/async/task.hpp"
#include "harness/async/task_group.hpp"
#include "harness/async/timer.hpp"

namespace asyncbench {
namespace {

namespace asio = boost::asio;

// The executor's type is named: the default, any_io_executor, is several times slower to post to.
using Context = asio::io_context;
template <class T>
using Awaitable = asio::awaitable<T, Context::executor_type>;
using AwaitableToken = asio::use_awaitable_t<Context::executor_type>;

// --- await of a child ---

Task<int> child(int value) {
    co_return value;
}

Task<void> await_children(benchmark::State& state) {
    int sum = 0;
    for (auto _ : state) {
        sum += co_await child(1);
    }
    benchmark::DoNotOptimize(sum);
}

void task_await(benchmark::State& state) {
    Loop loop;
    run(loop, await_children(state));
}
BENCHMARK(task_await);

Awaitable<int> asio_child(int value) {
    co_return value;
}

Awaitable<void> asio_await_children(benchmark::State& state) {
    int sum = 0;
    for (auto _ : state) {
        sum += co_await asio_child(1);
    }
    benchmark::DoNotOptimize(sum);
}

void asio_awaitable_await(benchmark::State& state) {
    Context context(1);
    asio::co_spawn(context, asio_await_children(state), asio::detached);
    context.run();
}
BENCHMARK(asio_awaitable_await);

// --- post hop: state.range(0) chains of hops in flight, an iteration is one hop ---

// Says when all chains end: State may not be asked again after its last iteration.
class Hops {
  public:
    explicit Hops(benchmark::State& state) : state_(state) {}
    bool more() {
        running_ = running_ && state_.KeepRunning();
        return running_;
    }

  private:
    benchmark::State& state_;
    bool running_ = true;
};

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
    loop.run();
}
BENCHMARK(post_callback)->Arg(1)->Arg(100);

void asio_post_callback(benchmark::State& state) {
    Context context(1);
    Hops hops(state);
    struct Hop {
        Context& context;
        Hops& hops;
        void operator()() const {
            if (hops.more()) {
                asio::post(context, *this);
            } else {
                context.stop();
            }
        }
    };
    for (std::int64_t chain = 0; chain < state.range(0); ++chain) {
        asio::post(context, Hop{context, hops});
    }
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
    run(loop, gather(std::move(chains)));
}

void post_coroutine(benchmark::State& state) {
    hop_chains<PostHop>(state);
}
BENCHMARK(post_coroutine)->Arg(1)->Arg(100);

void resume_on_coroutine(benchmark::State& state) {
    hop_chains<ResumeOn>(state);
}
BENCHMARK(resume_on_coroutine)->Arg(1)->Arg(100);

Awaitable<void> asio_hop(Context& context, Hops& hops) {
    while (hops.more()) {
        co_await asio::post(context, AwaitableToken());
    }
}

void asio_post_awaitable(benchmark::State& state) {
    Context context(1);
    Hops hops(state);
    for (std::int64_t chain = 0; chain < state.range(0); ++chain) {
        asio::co_spawn(context, asio_hop(context, hops), asio::detached);
    }
    context.run();
}
BENCHMARK(asio_post_awaitable)->Arg(1)->Arg(100);

// --- gather and task group: an iteration is one whole of state.range(0) tasks ---

Task<int> hopping_child(Loop& loop) {
    co_await resume_on(loop);
    co_return 1;
}

Task<void> gather_tasks(benchmark::State& state, Loop& loop) {
    for (auto _ : state) {
        std::vector<Task<int>> tasks;
        tasks.reserve(static_cast<std::size_t>(state.range(0)));
        for (std::int64_t task = 0; task < state.range(0); ++task) {
            tasks.push_back(hopping_child(loop));
        }
        benchmark::DoNotOptimize(co_await gather(std::move(tasks)));
    }
    state.SetItemsProcessed(state.iterations() * state.range(0));
}

void gather_hops(benchmark::State& state) {
    Loop loop;
    run(loop, gather_tasks(state, loop));
}
BENCHMARK(gather_hops)->Arg(1)->Arg(100);

Task<void> hop_once(Loop& loop) {
    co_await resume_on(loop);
}

Task<void> group_tasks(benchmark::State& state, Loop& loop) {
    for (auto _ : state) {
        TaskGroup group;
        for (std::int64_t task = 0; task < state.range(0); ++task) {
            group.spawn(hop_once(loop));
        }
        co_await group.join();
    }
    state.SetItemsProcessed(state.iterations() * state.range(0));
}

void task_group_hops(benchmark::State& state) {
    Loop loop;
    run(loop, group_tasks(state, loop));
}
BENCHMARK(task_group_hops)->Arg(1)->Arg(100);

// --- timers ---

// Cancelling queues a handler that says so, in both; poll() runs it.
void timer_arm_and_cancel(benchmark::State& state) {
    Loop loop;
    Timer timer(loop);
    const TimePoint deadline = Clock::now() + std::chrono::hours(1);
    for (auto _ : state) {
        timer.at(deadline, [&loop] { loop.stop(); });
        timer.cancel();
        io_context(loop).poll();
    }
}
BENCHMARK(timer_arm_and_cancel);

void asio_timer_arm_and_cancel(benchmark::State& state) {
    Context context(1);
    asio::steady_timer timer(context);
    const TimePoint deadline = Clock::now() + std::chrono::hours(1);
    for (auto _ : state) {
        timer.expires_at(deadline);
        timer.async_wait([&context](boost::system::error_code) { context.stop(); });
        timer.cancel();
        context.restart();
        context.poll();
    }
}
BENCHMARK(asio_timer_arm_and_cancel);

// 100 sleeps of 1 ms at a time, so that their own cost shows beside the waiting: CPU time, not wall time,
// counts.
Task<void> sleep_once() {
    co_await sleep_for(std::chrono::milliseconds(1));
}

Task<void> sleep_together(benchmark::State& state) {
    for (auto _ : state) {
        TaskGroup group;
        for (int sleeper = 0; sleeper < 100; ++sleeper) {
            group.spawn(sleep_once());
        }
        co_await group.join();
    }
    state.SetItemsProcessed(state.iterations() * 100);
}

void sleep_100(benchmark::State& state) {
    Loop loop;
    run(loop, sleep_together(state));
}
BENCHMARK(sleep_100);

// --- semaphore ---

Task<void> acquire_free(benchmark::State& state) {
    Semaphore semaphore(1);
    for (auto _ : state) {
        const Semaphore::Permit permit = co_await semaphore.acquire();
    }
}

void semaphore_free(benchmark::State& state) {
    Loop loop;
    run(loop, acquire_free(state));
}
BENCHMARK(semaphore_free);

// Two tasks hand one permit to and fro: an iteration is one hand-over.
Task<void> acquire_contended(Semaphore& semaphore, Hops& hops) {
    while (hops.more()) {
        const Semaphore::Permit permit = co_await semaphore.acquire();
        co_await resume_on(*Loop::current());
    }
}

void semaphore_hand_over(benchmark::State& state) {
    Loop loop;
    Semaphore semaphore(1);
    Hops hops(state);
    run(loop, gather(acquire_contended(semaphore, hops), acquire_contended(semaphore, hops)));
}
BENCHMARK(semaphore_hand_over);

}  // namespace
}  // namespace asyncbench
