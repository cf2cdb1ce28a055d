// Points 17 to 19 of the bridges' guarantees (docs/bridges.md): what must not deadlock, and what is visible
// where.
#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <string>
#include <thread>
#include <vector>

#include "async/async_to_sync.hpp"
#include "async/create_task.hpp"
#include "async/gather.hpp"
#include "async/run.hpp"
#include "async/sleep.hpp"
#include "async/sync_to_async.hpp"
#include "async/timeout.hpp"
#include "tests/async/bridges.hpp"

namespace asyncbench::bridges_nesting_tests {

using namespace std::chrono_literals;
using testing::Gate;
using testing::next_turn;
using testing::this_thread;
using testing::Watchdog;

ContextVar<std::string> request("request", "none");
thread_local std::string of_thread = "none";

// Sync and async functions that call each other, `depth` bridges deep; each level notes its thread.
Task<void> async_level(int depth, std::vector<std::thread::id>& sync_threads);

void sync_level(int depth, std::vector<std::thread::id>& sync_threads) {
    sync_threads.push_back(this_thread());
    if (depth > 0) {
        async_to_sync(async_level)(depth - 1, sync_threads);
    }
}

Task<void> async_level(int depth, std::vector<std::thread::id>& sync_threads) {
    co_await next_turn();
    if (depth > 0) {
        auto below = sync_to_async(sync_level);
        co_await below(depth - 1, std::ref(sync_threads));
    }
}

// 17. sync-async-sync-async double nesting, from both outermost kinds.
TEST(NestedBridges, NestSyncAsyncSyncAsyncTwiceFromBothOutermostKinds) {
    const Watchdog watchdog;
    std::vector<std::thread::id> from_sync;
    sync_level(7, from_sync);
    EXPECT_EQ(from_sync, std::vector<std::thread::id>(4, this_thread()));

    std::vector<std::thread::id> from_async;
    run(async_level(8, from_async));
    ASSERT_EQ(from_async.size(), 4U);
    EXPECT_EQ(from_async, std::vector<std::thread::id>(4, from_async[0]))
        << "all on the one sensitive thread";
    EXPECT_NE(from_async[0], this_thread());
}

TEST(NestedBridges, NestInSeveralTasksAtATime) {
    const Watchdog watchdog;
    const auto owner = []() -> Task<std::size_t> {
        std::vector<std::vector<std::thread::id>> threads(5);
        std::vector<Task<void>> tasks;
        for (auto& of_task : threads) {
            tasks.push_back(async_level(4, of_task));
        }
        co_await gather(std::move(tasks));
        std::size_t calls = 0;
        for (const auto& of_task : threads) {
            calls += of_task.size();
        }
        co_return calls;
    };
    EXPECT_EQ(run(owner()), 10U);
    EXPECT_EQ(async_to_sync(owner)(), 10U);
}

// 18. A2S-S2A-A2S-create_task-S2A (492), S2A under a timeout (348), under gather (249). A late task after its
// frame ended still runs.
TEST(NestedBridges, RunSensitiveCodeOfATaskCreatedTwoBridgesDeep) {
    const Watchdog watchdog;
    const auto innermost = []() -> Task<std::thread::id> {
        const auto call = []() -> Task<std::thread::id> {
            auto where = sync_to_async(this_thread);
            co_return co_await where();
        };
        RunningTask<std::thread::id> running = create_task(call());
        co_return co_await std::move(running);
    };
    const auto outer = [](auto& inner) -> Task<std::thread::id> {
        const auto function = [&inner] { return async_to_sync(inner)(); };
        co_return co_await sync_to_async(function)();
    };
    EXPECT_EQ(async_to_sync(outer)(innermost), this_thread());
    EXPECT_NE(run(outer(innermost)), this_thread());
}

TEST(NestedBridges, RunSensitiveCodeUnderATimeout) {
    const Watchdog watchdog;
    const auto task = []() -> Task<std::thread::id> {
        auto where = sync_to_async(this_thread);
        co_return co_await with_timeout(where(), 30s);
    };
    const auto outer = [](auto& inner) -> Task<std::thread::id> {
        const auto function = [&inner] { return async_to_sync(inner)(); };
        co_return co_await with_timeout(sync_to_async(function)(), 30s);
    };
    EXPECT_EQ(async_to_sync(outer)(task), this_thread());
    EXPECT_NE(run(outer(task)), this_thread());
}

TEST(NestedBridges, RunSensitiveCodeUnderGather) {
    const Watchdog watchdog;
    const auto task = []() -> Task<std::size_t> {
        std::vector<Task<std::thread::id>> calls;
        for (int i = 0; i < 10; ++i) {
            calls.push_back(sync_to_async(this_thread)());
        }
        const std::vector<std::thread::id> threads = co_await gather(std::move(calls));
        co_return threads.size();
    };
    const auto outer = [](auto& inner) -> Task<std::size_t> {
        const auto function = [&inner] { return async_to_sync(inner)(); };
        const auto [one, other] = co_await gather(sync_to_async(function)(), sync_to_async(function)());
        co_return one + other;
    };
    EXPECT_EQ(async_to_sync(outer)(task), 20U);
    EXPECT_EQ(run(outer(task)), 20U);
}

TEST(NestedBridges, RunALateTaskAfterItsFrameEnded) {
    const Watchdog watchdog;
    // Its frame is the call of async_to_sync in `function`, which has ended when it runs its sensitive code.
    const auto late = [](std::promise<std::thread::id>& ran_on) -> Task<void> {
        co_await sleep_for(5ms);
        auto where = sync_to_async(this_thread);
        ran_on.set_value(co_await where());
    };
    const auto start = [](auto& task, std::promise<std::thread::id>& ran_on) -> Task<void> {
        const RunningTask<> dropped = create_task(task(ran_on));
        co_return;
    };
    const auto outer = [](auto& starting, auto& task) -> Task<std::thread::id> {
        std::promise<std::thread::id> ran_on;
        std::future<std::thread::id> late_thread = ran_on.get_future();
        const auto function = [&] { async_to_sync(starting)(task, ran_on); };
        co_await sync_to_async(function)();
        while (late_thread.wait_for(0s) != std::future_status::ready) {
            co_await sleep_for(1ms);
        }
        co_return late_thread.get();
    };
    EXPECT_EQ(async_to_sync(outer)(start, late), this_thread()) << "the nearest frame above that still waits";
    EXPECT_NE(run(outer(start, late)), this_thread()) << "no frame waits any more";
}

TEST(NestedBridges, RunALateTaskWhoseFunctionStillRuns) {
    const Watchdog watchdog;
    const auto late = [](Gate& begun, std::promise<std::thread::id>& ran_on) -> Task<void> {
        co_await next_turn();
        auto where = sync_to_async(this_thread);
        begun.open();
        ran_on.set_value(co_await where());
    };
    const auto start = [](auto& task, Gate& begun, std::promise<std::thread::id>& ran_on) -> Task<void> {
        const RunningTask<> dropped = create_task(task(begun, ran_on));
        co_return;
    };
    const auto outer = [](auto& starting, auto& task) -> Task<bool> {
        Gate begun;
        std::promise<std::thread::id> ran_on;
        std::future<std::thread::id> late_thread = ran_on.get_future();
        const auto function = [&] {
            async_to_sync(starting)(task, begun, ran_on);
            begun.wait();
            return this_thread();
        };
        const std::thread::id of_function = co_await sync_to_async(function)();
        while (late_thread.wait_for(0s) != std::future_status::ready) {
            co_await sleep_for(1ms);
        }
        co_return late_thread.get() == of_function;
    };
    EXPECT_TRUE(run(outer(start, late))) << "after the function, on the same thread";
}

// 19. Values visible across both bridges; thread-critical ones not; unrelated threads see nothing.
TEST(NestedBridges, ShowContextVariablesAcrossBothButNoThreadsOwnAndNothingToOtherThreads) {
    const Watchdog watchdog;
    const auto read = []() -> Task<std::string> {
        co_await next_turn();
        co_return request.get() + "/" + of_thread;
    };
    const auto owner = [](auto& reading) -> Task<void> {
        request.set("42");
        of_thread = "loop's";
        const auto function = [&reading] {
            EXPECT_EQ(request.get(), "42");
            EXPECT_EQ(of_thread, "none");
            // Down to the loop's thread, and up again with what is set there.
            EXPECT_EQ(async_to_sync(reading)(), "42/loop's");
            // On a loop and thread of its own.
            EXPECT_EQ(async_to_sync(reading, new_loop)(), "42/none");

            std::string unrelated;
            std::thread([&] { unrelated = request.get(); }).join();
            EXPECT_EQ(unrelated, "none");
            request.set("43");
        };
        co_await sync_to_async(function)();
        EXPECT_EQ(request.get(), "43");
        of_thread = "none";
    };
    run(owner(read));
    EXPECT_EQ(request.get(), "none");
}

}  // namespace asyncbench::bridges_nesting_tests
