// Steps that keep the loop's thread, parked and computing, and long runs that do not.

#include <chrono>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "async/clock.hpp"
#include "async/gather.hpp"
#include "async/loop.hpp"
#include "async/run.hpp"
#include "async/schedule.hpp"
#include "async/sleep.hpp"
#include "async/sync_to_async.hpp"
#include "async/task.hpp"
#include "async/timer.hpp"
#include "benches/scorecard/scorecard.hpp"

namespace asyncbench {
namespace {

using namespace std::chrono_literals;
using Kind = Finding::Kind;

/// Three times the watchdog's default threshold.
constexpr Nanoseconds long_step = 300ms;
constexpr Nanoseconds short_step = 10ms;

void park(Nanoseconds time) {
    std::this_thread::sleep_for(time);
}

void compute(Nanoseconds time) {
    const TimePoint end = Clock::now() + time;
    while (Clock::now() < end) {
    }
}

Task<> step(void (*work)(Nanoseconds), Nanoseconds time, Site /*site*/ = Site::here()) {
    co_await resume_on(*Loop::current());
    work(time);
}

Task<> nested_step() {
    co_await step(park, long_step);
}

Task<> gathered_step() {
    co_await gather(step(compute, short_step), step(compute, long_step));
}

void run_alone(Task<> task) {
    Loop loop;
    run(loop, std::move(task));
}

void callback_that_parks() {
    Loop loop;
    loop.post([&loop] {
        park(long_step);
        loop.stop();
    });
    loop.run();
}

void timer_that_computes() {
    Loop loop;
    Timer timer(loop);
    timer.at(Clock::now() + 1ms, [&loop] {
        compute(long_step);
        loop.stop();
    });
    loop.run();
}

Task<> compute_in_pieces() {
    for (int i = 0; i < 30; ++i) {
        compute(short_step);
        co_await resume_on(*Loop::current());
    }
}

Task<> wait_long() {
    co_await sleep_for(long_step);
}

Task<> compute_elsewhere() {
    const auto elsewhere = sync_to_async(compute, not_thread_sensitive);
    co_await elsewhere(long_step);
}

Task<> many_short_tasks() {
    std::vector<Task<>> tasks;
    for (int i = 0; i < 300; ++i) tasks.push_back(step(compute, 1ms));
    co_await gather(std::move(tasks));
}

}  // namespace

std::vector<ScorecardCase> stall_cases() {
    return {
        {Kind::stall, true, "a coroutine that sleeps", [] { run_alone(step(park, long_step)); }},
        {Kind::stall, true, "a coroutine that computes", [] { run_alone(step(compute, long_step)); }},
        {Kind::stall, true, "an awaited child that sleeps", [] { run_alone(nested_step()); }},
        {Kind::stall, true, "one of a gather that computes", [] { run_alone(gathered_step()); }},
        {Kind::stall, true, "a callback that sleeps", callback_that_parks},
        {Kind::stall, true, "a timer's callback that computes", timer_that_computes},
        {Kind::stall, false, "computing in pieces, with waits between",
         [] { run_alone(compute_in_pieces()); }},
        {Kind::stall, false, "three hundred short tasks", [] { run_alone(many_short_tasks()); }},
        {Kind::stall, false, "a long wait of the loop", [] { run_alone(wait_long()); }},
        {Kind::stall, false, "computing on another thread", [] { run_alone(compute_elsewhere()); }},
    };
}

}  // namespace asyncbench
