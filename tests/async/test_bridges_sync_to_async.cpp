// Points 1 to 9 of the bridges' guarantees (docs/bridges.md): sync_to_async.
#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <memory>
#include <set>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "async/async_to_sync.hpp"
#include "async/create_task.hpp"
#include "async/detect/blocking_calls.hpp"
#include "async/detect/collected_findings.hpp"
#include "async/gather.hpp"
#include "async/run.hpp"
#include "async/sleep.hpp"
#include "async/sync_to_async.hpp"
#include "async/thread_pool.hpp"
#include "async/thread_sensitive_context.hpp"
#include "tests/async/bridges.hpp"

namespace asyncbench::bridges_sync_to_async_tests {

using namespace std::chrono_literals;
using testing::error_of;
using testing::Gate;
using testing::next_turn;
using testing::this_thread;
using testing::Watchdog;

ContextVar<std::string> user("user", "nobody");

int twice(int number) {
    return 2 * number;
}

Task<std::thread::id> sensitive_thread() {
    auto where = sync_to_async(this_thread);
    co_return co_await where();
}

// --- what a call gives ---

TEST(SyncToAsync, GivesTheResult) {
    const Watchdog watchdog;
    EXPECT_EQ(run(sync_to_async(twice)(21)), 42);
}

TEST(SyncToAsync, ThrowsWhatTheFunctionThrows) {
    const Watchdog watchdog;
    const auto fail = [] { throw std::runtime_error("broken"); };
    EXPECT_THROW(run(sync_to_async(fail)()), std::runtime_error);
}

TEST(SyncToAsync, GivesAReferenceAndTakesWhatCannotBeCopied) {
    const Watchdog watchdog;
    int object = 1;
    const auto change = [](int& target, std::unique_ptr<int> by) -> int& { return target += *by; };
    EXPECT_EQ(&run(sync_to_async(change)(std::ref(object), std::make_unique<int>(2))), &object);
    EXPECT_EQ(object, 3);
}

TEST(SyncToAsync, LetsTheLoopGoOnMeanwhile) {
    const Watchdog watchdog;
    const auto owner = []() -> Task<void> {
        Gate gate;
        const auto wait = [&gate] { gate.wait(); };
        const auto open = [](Gate& opened) -> Task<void> {
            co_await next_turn();
            opened.open();
        };
        co_await gather(sync_to_async(wait)(), open(gate));
    };
    run(owner());
}

TEST(SyncToAsync, OutlivesTheObjectThatMadeTheCall) {
    const Watchdog watchdog;
    const auto owner = []() -> Task<int> {
        Task<int> task = sync_to_async(std::function<int(int)>(twice))(21);
        co_return co_await std::move(task);
    };
    EXPECT_EQ(run(owner()), 42);
}

// --- the points ---

// 1. Rejects non-callables and async callables. In C++: a concept.
TEST(SyncToAsync, RejectsNonCallablesAndAsyncCallables) {
    const auto generic = [](auto number) { return number; };
    EXPECT_TRUE(SynchronousFunction<decltype(&twice)>);
    EXPECT_TRUE(SynchronousFunction<std::function<int()>>);
    EXPECT_TRUE(SynchronousFunction<decltype(generic)>);
    EXPECT_FALSE(SynchronousFunction<int>);
    EXPECT_FALSE(SynchronousFunction<std::string>);
    EXPECT_FALSE(SynchronousFunction<decltype(&sensitive_thread)>);
    EXPECT_FALSE(SynchronousFunction<std::function<Task<std::thread::id>()>>);
}

// 2. thread_sensitive=True is the default; combining it with an executor is an error. With False: the given
// executor, or the loop's default. (The combination does not compile.)
TEST(SyncToAsync, IsThreadSensitiveByDefaultElseRunsOnTheGivenExecutorOrTheLoopsDefault) {
    const Watchdog watchdog;
    ThreadPool pool(1);
    const std::thread::id of_pool = pool.submit_for_result(this_thread).get();
    const auto owner = [](ThreadPool& given, std::thread::id of_given) -> Task<void> {
        auto by_default = sync_to_async(this_thread);
        auto sensitive = sync_to_async(this_thread, thread_sensitive);
        auto on_given = sync_to_async(this_thread, given);
        const std::thread::id one = co_await by_default();
        EXPECT_EQ(co_await sensitive(), one);
        EXPECT_EQ(co_await on_given(), of_given);

        auto own = std::make_shared<ThreadPool>(1);
        std::thread::id of_own;
        {
            const AllowBlocking preparing;
            of_own = own->submit_for_result(this_thread).get();
        }
        Loop::current()->set_default_executor(own);
        auto anywhere = sync_to_async(this_thread, not_thread_sensitive);
        EXPECT_EQ(co_await anywhere(), of_own);
    };
    run(owner(pool, of_pool));
}

TEST(SyncToAsync, RunsFunctionsThatAreNotThreadSensitiveAtTheSameTime) {
    const Watchdog watchdog;
    const auto owner = []() -> Task<void> {
        Gate first;
        Gate second;
        const auto one = [&] {
            first.open();
            second.wait();
        };
        const auto other = [&] {
            first.wait();
            second.open();
        };
        co_await gather(sync_to_async(one, not_thread_sensitive)(),
                        sync_to_async(other, not_thread_sensitive)());
    };
    run(owner());
}

// 3. Sensitive executor order: the parent sync frame's current-thread executor, then ThreadSensitiveContext
// (one thread a context, re-entrant), then the loop-registered executor, then a process-wide single thread.
TEST(SyncToAsync, ChoosesTheParentsThreadThenTheContextsThenTheLoopsThenTheProcesss) {
    const Watchdog watchdog;
    const std::thread::id of_process = run(sensitive_thread());

    const auto in_context = []() -> Task<std::vector<std::thread::id>> {
        std::vector<std::thread::id> threads;
        const ThreadSensitiveContext outer;
        threads.push_back(co_await sensitive_thread());
        {
            const ThreadSensitiveContext inner;
            threads.push_back(co_await sensitive_thread());
        }
        threads.push_back(co_await sensitive_thread());
        co_return threads;
    };
    const auto first = run(in_context());
    EXPECT_NE(first[0], of_process);
    EXPECT_EQ(first[1], first[0]) << "re-entrant";
    EXPECT_EQ(first[2], first[0]);
    EXPECT_EQ(run(sensitive_thread()), of_process) << "its end gives the process's thread back";

    // The waiting thread comes before the context's.
    EXPECT_EQ(async_to_sync(in_context)()[0], this_thread());

    // What has no context of the call above, as a callback's task, still finds the thread that waits for the
    // loop.
    const auto without_context = []() -> Task<std::thread::id> {
        Context empty;
        RunningTask<std::thread::id> running = empty.run([] { return create_task(sensitive_thread()); });
        co_return co_await std::move(running);
    };
    EXPECT_EQ(async_to_sync(without_context)(), this_thread());
}

// 4. Outermost sync: sensitive code runs on the main thread. Outermost async: on one dedicated thread.
TEST(SyncToAsync, RunsSensitiveCodeOnTheOutermostSyncThreadElseOnOneDedicatedThread) {
    const Watchdog watchdog;
    EXPECT_EQ(async_to_sync(sensitive_thread)(), this_thread());

    const auto several = []() -> Task<std::set<std::thread::id>> {
        const auto threads = co_await gather(sensitive_thread(), sensitive_thread(), sensitive_thread());
        co_return std::set<std::thread::id>{std::get<0>(threads), std::get<1>(threads), std::get<2>(threads)};
    };
    const std::set<std::thread::id> threads = run(several());
    EXPECT_EQ(threads.size(), 1U);
    EXPECT_FALSE(threads.contains(this_thread()));
    EXPECT_EQ(run(several()), threads) << "for every loop of the process";
}

// 5. More calls than workers still complete.
TEST(SyncToAsync, CompletesMoreCallsThanThereAreWorkers) {
    const Watchdog watchdog;
    ThreadPool pool(2);
    const auto owner = [](ThreadPool* given) -> Task<int> {
        std::vector<Task<int>> calls;
        for (int i = 0; i < 200; ++i) {
            calls.push_back(given != nullptr ? sync_to_async(twice, *given)(i)
                                             : sync_to_async(twice, not_thread_sensitive)(i));
        }
        int sum = 0;
        for (const int result : co_await gather(std::move(calls))) {
            sum += result;
        }
        co_return sum;
    };
    EXPECT_EQ(run(owner(&pool)), 199 * 200);
    EXPECT_EQ(run(owner(nullptr)), 199 * 200);
}

// 6. Single thread already used in this context: "Single thread executor already being used, would deadlock".
// The flag resets even on exception.
TEST(SyncToAsync, SaysThatTheSingleThreadIsUsedAlreadyAndForgetsItEvenOnException) {
    const Watchdog watchdog;
    CollectedFindings findings;
    const ReceiveFindings receive(findings);
    const auto owner = []() -> Task<void> {
        // Runs on the single thread, and waits there for a loop that waits for the single thread.
        const auto wait_for_itself = [] { run(sensitive_thread()); };
        std::string refused;
        try {
            co_await sync_to_async(wait_for_itself)();
        } catch (const Error& error) {
            refused = error.what();
        }
        EXPECT_NE(refused.find("Single thread executor already being used, would deadlock"),
                  std::string::npos)
            << refused;
        EXPECT_NE(refused.find(__FILE__), std::string::npos) << refused;

        const auto fail = [] { throw std::runtime_error("broken"); };
        EXPECT_THROW(co_await sync_to_async(fail)(), std::runtime_error);
        EXPECT_NE(co_await sensitive_thread(), this_thread());
    };
    run(owner());
    EXPECT_EQ(findings.count(Finding::Kind::waits_for_own_loop), 1U);
}

// 7. Context variables are copied in and changes copied back; an explicit context suppresses copy-back.
TEST(SyncToAsync, CopiesContextVariablesInAndBackUnlessAContextIsGiven) {
    const Watchdog watchdog;
    const auto swap_user = [](std::string name) {
        std::string before = user.get();
        user.set(std::move(name));
        return before;
    };
    const auto owner = [](auto& swap) -> Task<void> {
        user.set("ann");
        EXPECT_EQ(co_await sync_to_async(swap)("bob"), "ann");
        EXPECT_EQ(user.get(), "bob");

        const auto given = std::make_shared<Context>();
        EXPECT_EQ(co_await sync_to_async(swap).in_context(given)("eve"), "nobody");
        EXPECT_EQ(user.get(), "bob");
        EXPECT_EQ(given->run([] { return user.get(); }), "eve");

        const auto set_and_fail = [] {
            user.set("zoe");
            throw std::runtime_error("broken");
        };
        EXPECT_THROW(co_await sync_to_async(set_and_fail)(), std::runtime_error);
        EXPECT_EQ(user.get(), "zoe");
    };
    run(owner(swap_user));
    EXPECT_EQ(user.get(), "nobody");
}

// 8. Cancellation: the future is shielded; the innermost async task is cancelled first. Running threads are
// not interrupted.
TEST(SyncToAsync, CancelsTheInnermostTaskFirstAndDoesNotInterruptThreads) {
    const Watchdog watchdog;
    const auto owner = [](std::string& log) -> Task<void> {
        // The innermost task, below a function that the outer task awaits.
        const auto innermost = [](std::string& noted) -> Task<void> {
            try {
                co_await sleep_for(1h);
            } catch (const CancelledError&) {
                noted += "task,";
                throw;
            }
        };
        const auto function = [&] {
            try {
                async_to_sync(innermost)(log);
            } catch (const CancelledError&) {
                log += "function,";
            }
            return 42;
        };
        RunningTask<int> running = create_task(sync_to_async(function)());
        co_await sleep_for(10ms);
        running.cancel();
        EXPECT_EQ(co_await std::move(running), 42) << "the function had the last word";
    };
    std::string log;
    run(owner(log));
    EXPECT_EQ(log, "task,function,");

    const auto leave = []() -> Task<void> {
        auto begun = std::make_shared<Gate>();
        auto left = std::make_shared<Gate>();
        auto ended = std::make_shared<Gate>();
        const auto function = [](std::shared_ptr<Gate> at_begin, std::shared_ptr<Gate> go_on,
                                 std::shared_ptr<Gate> at_end) {
            at_begin->open();
            go_on->wait();
            at_end->open();
        };
        RunningTask<> running = create_task(sync_to_async(function)(begun, left, ended));
        begun->wait();
        running.cancel();
        EXPECT_THROW(co_await std::move(running), CancelledError);
        left->open();
        ended->wait();
    };
    run(leave());
}

TEST(SyncToAsync, DoesNotBeginAFunctionWhoseTaskWasCancelledBefore) {
    const Watchdog watchdog;
    const auto owner = [](std::atomic<bool>& begun) -> Task<void> {
        Gate gate;
        const auto hold = [&gate] { gate.wait(); };
        const auto begin = [&begun] { begun = true; };
        RunningTask<> first = create_task(sync_to_async(hold)());
        RunningTask<> second = create_task(sync_to_async(begin)());
        second.cancel();
        EXPECT_THROW(co_await std::move(second), CancelledError);
        gate.open();
        co_await std::move(first);
        co_await sensitive_thread();  // behind both
    };
    std::atomic<bool> begun = false;
    run(owner(begun));
    EXPECT_FALSE(begun);
}

TEST(SyncToAsync, LetsATaskBeDestroyedWhileItsFunctionRuns) {
    const Watchdog watchdog;
    auto begun = std::make_shared<Gate>();
    auto go_on = std::make_shared<Gate>();
    const auto function = [](std::shared_ptr<Gate> at_begin, std::shared_ptr<Gate> at_end) {
        at_begin->open();
        at_end->wait();
    };
    Loop loop;
    std::thread stopper([&] {
        begun->wait();
        loop.stop();
    });
    EXPECT_NE(error_of([&] { run(loop, sync_to_async(function)(begun, go_on)); }), "");
    stopper.join();
    go_on->open();
    EXPECT_NE(run(loop, sensitive_thread()), this_thread()) << "behind the function that nobody awaits";
}

// 9. ThreadSensitiveContext exit must not block the loop or starve the default executor.
TEST(SyncToAsync, EndsAThreadSensitiveContextWithoutBlockingTheLoopOrStarvingTheDefaultExecutor) {
    const Watchdog watchdog;
    auto gate = std::make_shared<Gate>();
    auto ended = std::make_shared<Gate>();
    const auto owner = [](std::shared_ptr<Gate> held, std::shared_ptr<Gate> at_end) -> Task<void> {
        auto one_thread = std::make_shared<ThreadPool>(1);
        Loop::current()->set_default_executor(one_thread);
        const auto function = [](std::shared_ptr<Gate> begun, std::shared_ptr<Gate> wait_for,
                                 std::shared_ptr<Gate> then) {
            begun->open();
            wait_for->wait();
            then->open();
        };
        for (int i = 0; i < 4; ++i) {
            const ThreadSensitiveContext context;
            auto begun = std::make_shared<Gate>();
            RunningTask<> running = create_task(sync_to_async(function)(begun, held, at_end));
            begun->wait();
            running.cancel();
            EXPECT_THROW(co_await std::move(running), CancelledError);
        }  // while its thread is held
        auto anywhere = sync_to_async(twice, not_thread_sensitive);
        EXPECT_EQ(co_await anywhere(21), 42);
    };
    run(owner(gate, ended));
    gate->open();
    ended->wait();
}

}  // namespace asyncbench::bridges_sync_to_async_tests
