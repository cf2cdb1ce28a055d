#include "async/context.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <thread>
#include <utility>

#include "async/create_task.hpp"
#include "async/gather.hpp"
#include "async/run.hpp"
#include "async/schedule.hpp"
#include "async/semaphore.hpp"
#include "async/task_group.hpp"
#include "tests/async/run_task.hpp"

namespace asyncbench::context_tests {

using testing::run_task;

ContextVar<std::string> request("request", "none");
ContextVar<int> depth("depth");

Task<void> turn() {
    co_await resume_on(*Loop::current());
}

/// Sets it, lets others run, and says what it is then.
Task<std::string> set_and_get(std::string value) {
    request.set(value);
    co_await turn();
    co_return request.get();
}

TEST(ContextVar, GivesItsDefaultWhereItIsNotSet) {
    EXPECT_EQ(request.get(), "none");
    EXPECT_EQ(request.get_or("other"), "other");
}

TEST(ContextVar, NamesItselfWhereItHasNeitherValueNorDefault) {
    try {
        depth.get();
        FAIL() << "it gave a value";
    } catch (const Error& error) {
        EXPECT_NE(std::string(error.what()).find("'depth'"), std::string::npos) << error.what();
    }
}

TEST(ContextVar, IsSetInTheContextThatRuns) {
    Context context;
    context.run([] { request.set("a"); });
    EXPECT_EQ(request.get(), "none");
    EXPECT_EQ(context.run([] { return request.get(); }), "a");
    Context copy = context;
    copy.run([] { request.set("b"); });
    EXPECT_EQ(context.run([] { return request.get(); }), "a");
}

TEST(ContextVar, GoesBackToWhatItWasBefore) {
    Context context;
    context.run([] {
        auto first = request.set("a");
        auto second = request.set("b");
        request.reset(std::move(second));
        EXPECT_EQ(request.get(), "a");
        request.reset(std::move(first));
        EXPECT_EQ(request.get(), "none");
    });
}

TEST(ContextVar, RefusesATokenOfAnotherContextAndOneThatWasUsed) {
    Context context;
    auto token = context.run([] { return request.set("a"); });
    EXPECT_THROW(request.reset(std::move(token)), Error);
    context.run([&] { request.reset(std::move(token)); });
    context.run([&] { EXPECT_THROW(request.reset(std::move(token)), Error); });
}

TEST(ContextVar, FreesAValueThatNoContextHolds) {
    static ContextVar<std::shared_ptr<int>> holder("holder");
    const auto object = std::make_shared<int>(1);
    {
        Context context;
        context.run([&] { holder.set(object); });
        EXPECT_EQ(object.use_count(), 2);
    }
    EXPECT_EQ(object.use_count(), 1);
}

TEST(ContextVar, IsSharedByATaskAndThoseItAwaits) {
    const auto child = []() -> Task<std::string> {
        std::string seen = request.get();
        co_await turn();
        request.set("child");
        co_return seen;
    };
    const auto parent = [](auto& make) -> Task<void> {
        request.set("parent");
        EXPECT_EQ(co_await make(), "parent");
        EXPECT_EQ(request.get(), "child");
    };
    run_task(parent(child));
    EXPECT_EQ(request.get(), "none");
}

TEST(ContextVar, IsEachTasksOwnInAGather) {
    const auto parent = []() -> Task<void> {
        request.set("parent");
        const auto [a, b] = co_await gather(set_and_get("a"), set_and_get("b"));
        EXPECT_EQ(a + b, "ab");
        EXPECT_EQ(request.get(), "parent");
    };
    run_task(parent());
}

TEST(ContextVar, IsEachTasksOwnInAGroupAndInARunningTask) {
    const auto note = [](std::string value, std::string& log) -> Task<void> {
        log += request.get();
        log += co_await set_and_get(std::move(value));
    };
    const auto parent = [](auto& make, std::string& log) -> Task<void> {
        request.set("p");
        TaskGroup group;
        group.spawn(make("a", log));
        EXPECT_EQ(request.get(), "p");
        RunningTask<> running = create_task(make("b", log));
        EXPECT_EQ(request.get(), "p");
        co_await group.join();
        EXPECT_EQ(request.get(), "p");
        co_await std::move(running);
        EXPECT_EQ(request.get(), "p");
    };
    std::string log;
    run_task(parent(note, log));
    EXPECT_EQ(log, "ppab");
}

TEST(ContextVar, IsCopiedIntoTheTaskThatRunIsGiven) {
    Context context;
    context.run([] {
        request.set("caller");
        const auto task = []() -> Task<std::string> {
            std::string seen = request.get();
            co_await set_and_get("task");
            co_return seen;
        };
        EXPECT_EQ(run(task()), "caller");
        EXPECT_EQ(request.get(), "caller");
    });
}

TEST(ContextVar, OfATaskIsNotSeenByCallbacksOfItsLoop) {
    const auto task = [](std::string& seen) -> Task<void> {
        request.set("task");
        Loop::current()->post([&seen] { seen = request.get(); });
        co_await turn();
        co_await turn();
        EXPECT_EQ(request.get(), "task");
    };
    std::string seen;
    run_task(task(seen));
    EXPECT_EQ(seen, "none");
}

TEST(ContextVar, OfATaskIsNotSeenByTheTaskThatRunsNext) {
    const auto task = [](std::string& seen) -> Task<void> {
        seen = request.get();
        request.set("task");
        co_await turn();
    };
    Loop loop;
    std::string seen;
    run(loop, task(seen));
    run(loop, task(seen));
    EXPECT_EQ(seen, "none");
}

TEST(ContextVar, StaysWhereAnAwaitFailsBeforeItWaits) {
    const auto joined_twice = []() -> Task<void> {
        request.set("task");
        TaskGroup group;
        group.spawn(turn());
        const auto join = [](TaskGroup& joined) -> Task<void> { co_await joined.join(); };
        RunningTask<> first = create_task(join(group));
        try {
            co_await group.join();
            ADD_FAILURE() << "joined twice";
        } catch (const Error&) {
            EXPECT_EQ(request.get(), "task");
        }
        co_await std::move(first);
    };
    run_task(joined_twice());
}

TEST(ContextVar, GoesWithATaskToAnotherThread) {
    Loop home;  // ends after the thread that posts to it
    Loop here;  // ends after the thread that posts to it
    Loop other;
    std::thread thread([&] { other.run(); });
    const auto travel = [](Loop& there) -> Task<std::string> {
        Loop& back = *Loop::current();
        request.set("task");
        co_await resume_on(there);
        std::string seen = request.get();
        request.set(seen + " elsewhere");
        co_await resume_on(back);
        co_return request.get();
    };
    EXPECT_EQ(run(home, travel(other)), "task elsewhere");
    other.stop();
    thread.join();
}

TEST(ContextVar, IsNotSetInOtherThreads) {
    Context context;
    context.run([] {
        request.set("here");
        std::string seen;
        std::thread([&] { seen = request.get(); }).join();
        EXPECT_EQ(seen, "none");
    });
}

}  // namespace asyncbench::context_tests
