// Points 10 to 16 of the bridges' guarantees (docs/bridges.md): async_to_sync.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <functional>
#include <future>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "async/async_to_sync.hpp"
#include "async/create_task.hpp"
#include "async/current_thread_executor.hpp"
#include "async/detect/blocking_calls.hpp"
#include "async/detect/collected_findings.hpp"
#include "async/gather.hpp"
#include "async/run.hpp"
#include "async/sleep.hpp"
#include "async/sync_to_async.hpp"
#include "async/thread_pool.hpp"
#include "tests/async/bridges.hpp"

namespace asyncbench::bridges_async_to_sync_tests {

using namespace std::chrono_literals;
using testing::error_of;
using testing::Gate;
using testing::next_turn;
using testing::this_thread;
using testing::Watchdog;

ContextVar<std::string> user("user", "nobody");

Task<int> twice(int number) {
    co_await next_turn();
    co_return 2 * number;
}

/// The loop and the thread that a task runs on.
struct Place {
    Place(Loop* on, std::thread::id in) : loop(on), thread(in) {}
    bool operator==(const Place&) const = default;
    Loop* loop;
    std::thread::id thread;
};

Task<Place> place() {
    co_await next_turn();
    co_return Place(Loop::current(), this_thread());
}

Task<std::thread::id> sensitive_thread() {
    auto where = sync_to_async(this_thread);
    co_return co_await where();
}

// --- what a call gives ---

TEST(AsyncToSync, GivesTheResult) {
    const Watchdog watchdog;
    EXPECT_EQ(async_to_sync(twice)(21), 42);
}

TEST(AsyncToSync, GivesAReferenceAndTakesWhatCannotBeCopied) {
    const Watchdog watchdog;
    const auto change = [](int& target, std::unique_ptr<int> by) -> Task<int&> {
        co_await next_turn();
        target += *by;
        co_return target;
    };
    int object = 1;
    EXPECT_EQ(&async_to_sync(change)(object, std::make_unique<int>(2)), &object);
    EXPECT_EQ(object, 3);
}

TEST(AsyncToSync, CarriesContextVariablesInAndBack) {
    const Watchdog watchdog;
    Context context;
    context.run([] {
        user.set("ann");
        const auto swap = []() -> Task<std::string> {
            std::string before = user.get();
            co_await next_turn();
            user.set("bob");
            co_return before;
        };
        EXPECT_EQ(async_to_sync(swap)(), "ann");
        EXPECT_EQ(user.get(), "bob");
        const auto set_and_fail = []() -> Task<void> {
            user.set("eve");
            co_await next_turn();
            throw std::runtime_error("broken");
        };
        EXPECT_THROW(async_to_sync(set_and_fail)(), std::runtime_error);
        EXPECT_EQ(user.get(), "eve");
    });
}

// --- the points ---

// 10. On a thread with a running loop: an error, at call time: "You cannot use AsyncToSync in the same thread
// as an async event loop - just await the async function directly."
TEST(AsyncToSync, IsAnErrorAtCallTimeOnAThreadWithARunningLoop) {
    const Watchdog watchdog;
    CollectedFindings findings;
    const ReceiveFindings receive(findings);
    const auto owner = []() -> Task<std::string> {
        auto call = async_to_sync(twice);
        co_return error_of([&] { call(21); });
    };
    const std::string error = run(owner());
    EXPECT_NE(
        error.find("You cannot use async_to_sync in the same thread as an async event loop - just await "
                   "the async function directly."),
        std::string::npos)
        << error;
    EXPECT_NE(error.find(__FILE__), std::string::npos) << error;
    EXPECT_EQ(findings.count(Finding::Kind::waits_for_own_loop), 1U);
}

// 11. Inside sync_to_async: runs on the parent loop. Otherwise: a new loop in a new thread. A flag forces a
// new loop.
TEST(AsyncToSync, RunsOnTheParentLoopInsideSyncToAsyncElseOnANewLoopInANewThread) {
    const Watchdog watchdog;
    const auto owner = []() -> Task<void> {
        const Place here(Loop::current(), this_thread());
        const auto on_parent = [] { return async_to_sync(place)(); };
        const auto on_new = [] { return async_to_sync(place, new_loop)(); };
        EXPECT_EQ(co_await sync_to_async(on_parent)(), here);
        EXPECT_EQ(co_await sync_to_async(on_parent, not_thread_sensitive)(), here);
        const Place forced = co_await sync_to_async(on_new)();
        EXPECT_NE(forced.loop, here.loop);
        EXPECT_NE(forced.thread, here.thread);
    };
    run(owner());

    const Place outside = async_to_sync(place)();
    EXPECT_NE(outside.thread, this_thread());
    EXPECT_NE(outside.loop, nullptr);
}

// 12. The caller does not merely block: it pumps a current-thread executor so nested sensitive work returns
// to it.
TEST(AsyncToSync, LendsTheCallersThreadToNestedSensitiveWork) {
    const Watchdog watchdog;
    const auto several = []() -> Task<std::vector<std::thread::id>> {
        std::vector<Task<std::thread::id>> calls;
        for (int i = 0; i < 3; ++i) {
            calls.push_back(sensitive_thread());
        }
        co_return co_await gather(std::move(calls));
    };
    EXPECT_EQ(async_to_sync(several)(), std::vector<std::thread::id>(3, this_thread()));

    ThreadPool workers(1);
    const std::thread::id of_workers = workers.submit_for_result(this_thread).get();
    const auto owner = [](auto& call_sensitive, ThreadPool& pool, std::thread::id of_pool) -> Task<void> {
        const auto function = [&] { return async_to_sync(call_sensitive)(); };
        EXPECT_EQ(co_await sync_to_async(function, pool)(), of_pool) << "the thread that waits for it";
    };
    run(owner(sensitive_thread, workers, of_workers));
}

// 13. A stopped loop falls back, not hangs. After fork the parent's loop is ignored.
TEST(AsyncToSync, FallsBackWhereTheLoopIsStopped) {
    const Watchdog watchdog;
    ThreadPool pool(1);
    auto begun = std::make_shared<Gate>();
    auto stopped = std::make_shared<Gate>();
    std::promise<int> given;
    const auto function = [](std::shared_ptr<Gate> at_begin, std::shared_ptr<Gate> go_on,
                             std::promise<int>& result) {
        at_begin->open();
        go_on->wait();
        result.set_value(async_to_sync(twice)(21));
    };
    const auto owner = [](auto& call, ThreadPool& on, std::shared_ptr<Gate> at_begin,
                          std::shared_ptr<Gate> go_on, std::promise<int>& result) -> Task<void> {
        RunningTask<> running = create_task(sync_to_async(call, on)(at_begin, go_on, std::ref(result)));
        const AllowBlocking waiting;
        at_begin->wait();
        co_return;  // which ends the loop, and with it the wait for the function
    };
    Loop loop;
    run(loop, owner(function, pool, begun, stopped, given));
    stopped->open();
    EXPECT_EQ(given.get_future().get(), 42) << "on a loop of its own";
}

TEST(AsyncToSync, FallsBackWhereTheLoopStopsBeforeTheTaskBegins) {
    const Watchdog watchdog;
    CollectedFindings findings;  // of the tasks that the stopped loop destroys
    const ReceiveFindings receive(findings);
    ThreadPool pool(1);
    Gate called;
    std::promise<Place> given;
    Loop loop;
    const auto owner = [](Loop& stopping, ThreadPool& on, Gate& calling,
                          std::promise<Place>& result) -> Task<void> {
        const auto function = [&] {
            calling.open();
            result.set_value(async_to_sync(place)());
        };
        RunningTask<> running = create_task(sync_to_async(function, on)());
        calling.wait();
        std::this_thread::sleep_for(20ms);  // most likely the call is posted to this loop by now
        stopping.stop();
        co_await sleep_for(1h);
    };
    EXPECT_NE(error_of([&] { run(loop, owner(loop, pool, called, given)); }), "");
    EXPECT_NE(given.get_future().get().loop, &loop);
}

TEST(AsyncToSync, SaysThatTheLoopEndedBeforeTheTask) {
    const Watchdog watchdog;
    ThreadPool pool(1);
    std::promise<std::string> given;
    const auto stop_and_sleep = []() -> Task<void> {
        Loop::current()->stop();
        co_await sleep_for(1h);
    };
    {
        Loop loop;
        const auto function = [&] { given.set_value(error_of([&] { async_to_sync(stop_and_sleep)(); })); };
        EXPECT_NE(error_of([&] { run(loop, sync_to_async(function, pool)()); }), "");
    }
    const std::string error = given.get_future().get();
    EXPECT_NE(error.find("ended before the task did"), std::string::npos) << error;
}

TEST(AsyncToSync, IgnoresTheParentsLoopAfterFork) {
#if defined(__SANITIZE_THREAD__)
    GTEST_SKIP() << "ThreadSanitizer allows no thread after fork() of a process with threads";
#else
    const Watchdog watchdog;
    const auto fork_and_call = [] {
        const pid_t child = fork();
        if (child == 0) {
            const Place inside = async_to_sync(place)();
            const bool sensitive_here = async_to_sync(sensitive_thread)() == this_thread();
            _exit(inside.thread != this_thread() && sensitive_here ? 42 : 1);
        }
        int status = 0;
        waitpid(child, &status, 0);
        return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    };
    EXPECT_EQ(run(sync_to_async(fork_and_call)()), 42);
#endif
}

// 14. Submitting to the current-thread executor from its own thread is an error; if broken, walk up to the
// nearest live one.
TEST(AsyncToSync, RefusesWorkFromItsOwnThreadAndWalksUpToTheNearestLiveOne) {
    const Watchdog watchdog;
    CollectedFindings findings;
    const ReceiveFindings receive(findings);
    const auto outer = std::make_shared<CurrentThreadExecutor>(nullptr);
    const auto inner = std::make_shared<CurrentThreadExecutor>(outer);
    EXPECT_NE(error_of([&] { inner->submit([] {}); }).find("from its own thread"), std::string::npos);
    EXPECT_EQ(findings.count(Finding::Kind::waits_for_own_loop), 1U);

    inner->finish();
    EXPECT_EQ(inner->run(), CurrentThreadExecutor::Woken::finished);
    std::thread::id ran_on;
    std::string refused;
    std::thread other([&] {
        inner->submit([&] { ran_on = this_thread(); });
        outer->finish();
    });
    outer->run();
    other.join();
    EXPECT_EQ(ran_on, this_thread());

    std::thread([&] { refused = error_of([&] { inner->submit([] {}); }); }).join();
    EXPECT_NE(refused.find("is over"), std::string::npos) << refused;
}

TEST(AsyncToSync, RefusesToWaitForItsOwnThreadThroughALoopOfTheCallersOwn) {
    const Watchdog watchdog;
    CollectedFindings findings;
    const ReceiveFindings receive(findings);
    const auto owner = []() -> Task<std::string> {
        // Runs on the thread that waits for this task, and runs a loop there that waits for that thread.
        const auto function = [] { return error_of([] { run(sensitive_thread()); }); };
        co_return co_await sync_to_async(function)();
    };
    const std::string error = async_to_sync(owner)();
    EXPECT_NE(error.find("from its own thread"), std::string::npos) << error;
}

// 15. A single-thread context: repeated calls share one thread; nests.
TEST(AsyncToSync, SharesOneThreadForRepeatedCallsInASingleThreadContextWhichNests) {
    const Watchdog watchdog;
    const AsyncSingleThreadContext context;
    const std::thread::id first = async_to_sync(place)().thread;
    EXPECT_NE(first, this_thread());
    EXPECT_EQ(async_to_sync(place)().thread, first);
    {
        const AsyncSingleThreadContext nested;
        EXPECT_EQ(async_to_sync(place)().thread, first);
    }
    EXPECT_EQ(async_to_sync(place)().thread, first);

    // A call below one of them uses its loop.
    const auto nest = []() -> Task<std::thread::id> {
        const auto function = [] { return async_to_sync(place)().thread; };
        co_return co_await sync_to_async(function)();
    };
    EXPECT_EQ(async_to_sync(nest)(), first);
}

TEST(AsyncToSync, SaysThatASingleThreadContextsThreadIsUsedAlready) {
    const Watchdog watchdog;
    CollectedFindings findings;
    const ReceiveFindings receive(findings);
    const AsyncSingleThreadContext context;
    const auto nest = []() -> Task<std::string> {
        const auto function = [] { return error_of([] { async_to_sync(place, new_loop)(); }); };
        co_return co_await sync_to_async(function)();
    };
    const std::string error = async_to_sync(nest)();
    EXPECT_NE(error.find("Single thread executor already being used, would deadlock"), std::string::npos)
        << error;
}

// 16. All exceptions propagate, including when called while handling one.
TEST(AsyncToSync, PropagatesAllExceptionsAlsoWhenCalledWhileHandlingOne) {
    const Watchdog watchdog;
    const auto fail = [](bool at_once) -> Task<int> {
        if (!at_once) {
            co_await next_turn();
        }
        throw std::invalid_argument("broken");
    };
    const auto throw_number = []() -> Task<void> {
        co_await next_turn();
        throw 7;
    };
    EXPECT_THROW(async_to_sync(fail)(true), std::invalid_argument);
    EXPECT_THROW(async_to_sync(fail)(false), std::invalid_argument);
    EXPECT_THROW(async_to_sync(throw_number)(), int);
    try {
        throw std::runtime_error("first");
    } catch (const std::runtime_error& first) {
        EXPECT_THROW(async_to_sync(fail)(false), std::invalid_argument);
        EXPECT_EQ(async_to_sync(twice)(21), 42);
        EXPECT_STREQ(first.what(), "first");
        EXPECT_THROW(throw, std::runtime_error) << "still the one that is handled";
    }
    const auto inside = [](auto& failing) -> Task<void> {
        const auto function = [&] { return async_to_sync(failing)(false); };
        EXPECT_THROW(co_await sync_to_async(function)(), std::invalid_argument);
    };
    run(inside(fail));
}

}  // namespace asyncbench::bridges_async_to_sync_tests
