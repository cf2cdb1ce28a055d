// Tasks that are forgotten, lost or resumed in the wrong place, and what looks like it and is right.

#include <chrono>
#include <coroutine>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "async/cancellation.hpp"
#include "async/create_task.hpp"
#include "async/gather.hpp"
#include "async/loop.hpp"
#include "async/run.hpp"
#include "async/schedule.hpp"
#include "async/semaphore.hpp"
#include "async/sleep.hpp"
#include "async/task.hpp"
#include "async/task_group.hpp"
#include "async/thread_pool.hpp"
#include "async/timeout.hpp"
#include "benches/scorecard/scorecard.hpp"

namespace asyncbench {
namespace {

using namespace std::chrono_literals;
using Kind = Finding::Kind;

Task<int> answer(Site /*site*/ = Site::here()) {
    co_return 42;
}

Task<> wait_for(Nanoseconds time, Site /*site*/ = Site::here()) {
    co_await sleep_for(time);
}

Task<> fail_after(Nanoseconds time, Site /*site*/ = Site::here()) {
    co_await sleep_for(time);
    throw std::runtime_error("the backend is gone");
}

void run_alone(Task<> task) {
    Loop loop;
    run(loop, std::move(task));
}

// --- never awaited ---

Task<> keep_and_forget() {
    const Task<int> forgotten = answer();
    co_return;
}

Task<> overwrite_before_await() {
    Task<int> task = answer();
    task = answer();
    co_await std::move(task);
}

Task<> collect_and_forget() {
    std::vector<Task<int>> tasks;
    for (int i = 0; i < 3; ++i) tasks.push_back(answer());
    co_return;
}

Task<> forget_the_gather() {
    const auto forgotten = gather(answer(), answer());
    co_return;
}

Task<> await_late() {
    Task<int> task = answer();
    co_await sleep_for(1ms);
    co_await std::move(task);
}

Task<> await_on_one_path(bool wanted) {
    Task<int> task = answer();
    if (wanted) {
        co_await std::move(task);
    } else {
        std::move(task).discard();
    }
}

Task<> throw_before_await() {
    const Task<int> useless = answer();
    throw std::runtime_error("before the await");
    co_return;
}

void run_and_take_error(Task<> task) {
    try {
        run_alone(std::move(task));
    } catch (const std::runtime_error&) {  // NOLINT(bugprone-empty-catch): taking it is the case
    }
}

// --- destroyed while pending ---

Task<> leave_group_without_join() {
    TaskGroup group;
    group.spawn(wait_for(1h));
    co_return;
}

Task<> stop_the_loop_early() {
    const auto running = create_task(wait_for(1h));
    Loop::current()->stop();
    co_await sleep_for(1h);
}

void stop_before_the_end() {
    Loop loop;
    try {
        run(loop, stop_the_loop_early());
    } catch (const Error&) {  // NOLINT(bugprone-empty-catch): run() says it too; the detector names the task
    }
}

Task<> cancel_a_group() {
    TaskGroup group;
    group.spawn(wait_for(1h));
    group.cancel();
    co_await group.join();
}

Task<> run_into_timeout() {
    try {
        co_await with_timeout(wait_for(1h), 1ms);
    } catch (const TimeoutError&) {  // NOLINT(bugprone-empty-catch): expected
    }
}

// --- lost exceptions ---

Task<> detach_what_fails() {
    {
        const auto let_go = create_task(fail_after(1ms));
    }
    co_await sleep_for(5ms);
}

Task<> take_the_exception_later() {
    auto running = create_task(fail_after(1ms));
    co_await sleep_for(5ms);
    try {
        co_await std::move(running);
    } catch (const std::runtime_error&) {  // NOLINT(bugprone-empty-catch): taking it is the case
    }
}

Task<> fail_in_group() {
    TaskGroup group;
    group.spawn(fail_after(1ms));
    group.spawn(fail_after(1ms));
    co_await group.join();
}

// --- wrong loop ---

/// An awaiter that resumes on a thread of its own: as a driver's callback does where nobody minds the loop.
struct ResumeElsewhere {
    std::jthread& thread;
    static bool await_ready() noexcept { return false; }
    void await_suspend(std::coroutine_handle<> awaiting) const {
        thread = std::jthread([awaiting] { awaiting.resume(); });
    }
    void await_resume() const noexcept {}
};

Task<> go_on_elsewhere(std::jthread& thread, Loop& home) {
    const ResumeElsewhere hop{thread};
    co_await hop;
    co_await resume_on(home);
}

void resume_on_foreign_thread() {
    Loop loop;  // outlives the thread, which may still be on its way out of post()
    std::jthread thread;
    run(loop, go_on_elsewhere(thread, loop));
}

/// A callback of another thread that goes on where it belongs.
struct PostBack {
    Loop& loop;
    std::jthread& thread;
    static bool await_ready() noexcept { return false; }
    void await_suspend(std::coroutine_handle<> awaiting) const {
        thread = std::jthread([&home = loop, awaiting] { home.post(awaiting); });
    }
    void await_resume() const noexcept {}
};

Task<> come_back(std::jthread& thread, Loop& home) {
    const PostBack hop{home, thread};
    co_await hop;
}

void resume_by_post() {
    Loop loop;  // outlives the thread, which may still be on its way out of post()
    std::jthread thread;
    run(loop, come_back(thread, loop));
}

// --- waits for its own loop ---

Task<> run_inside_run() {
    try {
        run(*Loop::current(), answer());
    } catch (const Error&) {  // NOLINT(bugprone-empty-catch): raised as well as found
    }
    co_return;
}

void wait_for_the_pool_in_its_job() {
    ThreadPool pool(1);
    pool.submit([&pool] {
        try {
            pool.wait();
        } catch (const Error&) {  // NOLINT(bugprone-empty-catch): raised as well as found
        }
    });
    pool.wait();
}

void run_one_after_another() {
    for (int i = 0; i < 2; ++i) run_alone(wait_for(1ms));
}

}  // namespace

std::vector<ScorecardCase> task_cases() {
    return {
        {Kind::never_awaited, true, "a task kept in a variable", [] { run_alone(keep_and_forget()); }},
        {Kind::never_awaited, true, "a task overwritten by another",
         [] { run_alone(overwrite_before_await()); }},
        {Kind::never_awaited, true, "a vector of tasks", [] { run_alone(collect_and_forget()); }},
        {Kind::never_awaited, true, "a gather", [] { run_alone(forget_the_gather()); }},
        {Kind::never_awaited, false, "a task awaited late", [] { run_alone(await_late()); }},
        {Kind::never_awaited, false, "a task discarded on purpose",
         [] { run_alone(await_on_one_path(false)); }},
        {Kind::never_awaited, false, "an exception before the await",
         [] { run_and_take_error(throw_before_await()); }},

        {Kind::destroyed_pending, true, "a group left without join",
         [] { run_alone(leave_group_without_join()); }},
        {Kind::destroyed_pending, true, "a loop stopped while a task waits", stop_before_the_end},
        {Kind::destroyed_pending, false, "a group cancelled and joined", [] { run_alone(cancel_a_group()); }},
        {Kind::destroyed_pending, false, "a timeout", [] { run_alone(run_into_timeout()); }},

        {Kind::lost_exception, true, "a detached task that throws", [] { run_alone(detach_what_fails()); }},
        {Kind::lost_exception, false, "an exception taken later",
         [] { run_alone(take_the_exception_later()); }},
        {Kind::lost_exception, false, "a group whose first error is thrown by join",
         [] { run_and_take_error(fail_in_group()); }},

        {Kind::wrong_loop, true, "resumed by another thread", resume_on_foreign_thread},
        {Kind::wrong_loop, false, "posted back by another thread", resume_by_post},

        {Kind::waits_for_own_loop, true, "run() inside run()", [] { run_alone(run_inside_run()); }},
        {Kind::waits_for_own_loop, true, "a pool's job that waits for its pool",
         wait_for_the_pool_in_its_job},
        {Kind::waits_for_own_loop, false, "run() after run()", run_one_after_another},
    };
}

}  // namespace asyncbench
