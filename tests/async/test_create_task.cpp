#include "async/create_task.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <stdexcept>
#include <string>

#include "async/run.hpp"
#include "async/schedule.hpp"
#include "async/sleep.hpp"
#include "async/timeout.hpp"
#include "tests/async/run_task.hpp"

namespace asyncbench::create_task_tests {

using namespace std::chrono_literals;
using testing::run_task;

Task<void> turns(int count) {
    for (int turn = 0; turn < count; ++turn) {
        co_await resume_on(*Loop::current());
    }
}

Task<int> answer_after(int count, std::string& log) {
    log += 's';
    co_await turns(count);
    log += 'e';
    co_return 42;
}

Task<int> fail_after(int count) {
    co_await turns(count);
    throw std::runtime_error("broken");
}

Task<void> sleep_long(std::string& log) {
    try {
        co_await sleep_for(1h);
    } catch (const CancelledError&) {
        log += 'c';
        throw;
    }
}

TEST(CreateTask, RunsTheTaskUpToItsFirstWaitBeforeItReturns) {
    const auto owner = [](std::string& log) -> Task<int> {
        RunningTask<int> running = create_task(answer_after(2, log));
        EXPECT_EQ(log, "s");
        EXPECT_FALSE(running.done());
        co_return co_await std::move(running);
    };
    std::string log;
    EXPECT_EQ(run_task(owner(log)), 42);
    EXPECT_EQ(log, "se");
}

TEST(CreateTask, GivesTheResultOfATaskThatEndedBeforeItWasAwaited) {
    const auto owner = [](std::string& log) -> Task<int> {
        RunningTask<int> running = create_task(answer_after(0, log));
        EXPECT_TRUE(running.done());
        co_return co_await std::move(running);
    };
    std::string log;
    EXPECT_EQ(run_task(owner(log)), 42);
}

TEST(CreateTask, ThrowsToTheOneThatAwaitsWhatTheTaskThrew) {
    const auto owner = [](int count) -> Task<void> {
        RunningTask<int> running = create_task(fail_after(count));
        co_await std::move(running);
    };
    EXPECT_THROW(run_task(owner(0)), std::runtime_error);
    EXPECT_THROW(run_task(owner(3)), std::runtime_error);
}

TEST(CreateTask, RunsOnWhenItsHandleIsDropped) {
    const auto owner = [](std::string& log) -> Task<void> {
        {
            const RunningTask<int> dropped = create_task(answer_after(2, log));
        }
        co_await turns(4);
    };
    std::string log;
    run_task(owner(log));
    EXPECT_EQ(log, "se");
}

TEST(CreateTask, IsCancelledAndWaitedForWhenRunEnds) {
    const auto owner = [](std::string& log) -> Task<void> {
        const RunningTask<> dropped = create_task(sleep_long(log));
        co_return;
    };
    std::string log;
    run_task(owner(log));
    EXPECT_EQ(log, "c");
}

TEST(CreateTask, IsCancelledAlsoWhereItIsMadeWhileRunEnds) {
    const auto late = [](std::string& log) -> Task<void> {
        try {
            co_await sleep_for(1h);
        } catch (const CancelledError&) {
        }
        const RunningTask<> later = create_task(sleep_long(log));
    };
    const auto owner = [](Task<void> task) -> Task<void> {
        const RunningTask<> dropped = create_task(std::move(task));
        co_return;
    };
    std::string log;
    run_task(owner(late(log)));
    EXPECT_EQ(log, "c");
}

TEST(CreateTask, EndsTheWaitsOfTheTaskWhenCancelled) {
    const auto owner = [](std::string& log) -> Task<void> {
        RunningTask<> running = create_task(sleep_long(log));
        running.cancel();
        EXPECT_FALSE(running.done()) << "cancel() only asks";
        co_await std::move(running);
    };
    std::string log;
    EXPECT_THROW(run_task(owner(log)), CancelledError);
    EXPECT_EQ(log, "c");
}

TEST(CreateTask, IsNoPartOfTheTaskThatMadeIt) {
    const auto maker = [](std::string& log, RunningTask<int>& made) -> Task<void> {
        made = create_task(answer_after(5, log));
        co_await sleep_for(1h);
    };
    const auto owner = [](auto& make, std::string& log) -> Task<int> {
        RunningTask<int> made;
        EXPECT_THROW(co_await with_timeout(make(log, made), 0ns), TimeoutError);
        co_return co_await std::move(made);
    };
    std::string log;
    EXPECT_EQ(run_task(owner(maker, log)), 42);
}

TEST(CreateTask, IsCancelledWithTheOneThatAwaitsIt) {
    const auto wait = [](RunningTask<> running) -> Task<void> { co_await std::move(running); };
    const auto owner = [](auto& waiting, std::string& log) -> Task<void> {
        co_await with_timeout(waiting(create_task(sleep_long(log))), 1ms);
    };
    std::string log;
    EXPECT_THROW(run_task(owner(wait, log)), TimeoutError);
    EXPECT_EQ(log, "c");
}

TEST(CreateTask, RunsOnWhenTheTaskThatWaitsForItIsDestroyed) {
    const auto wait = [](RunningTask<int> running) -> Task<void> { co_await std::move(running); };
    const auto owner = [](auto& waiting, std::string& log) -> Task<void> {
        {
            const RunningTask<> destroyed = create_task(waiting(create_task(answer_after(3, log))));
        }
        co_await turns(6);
    };
    std::string log;
    run_task(owner(wait, log));
    EXPECT_EQ(log, "se");
}

TEST(CreateTask, FreesTheTaskOnceItIsDoneAndItsHandleIsGone) {
    const auto hold = [](std::shared_ptr<int>) -> Task<void> { co_await turns(1); };
    const auto owner = [](auto& holding) -> Task<void> {
        auto object = std::make_shared<int>(1);
        RunningTask<> running = create_task(holding(object));
        EXPECT_EQ(object.use_count(), 2);
        co_await std::move(running);
        EXPECT_EQ(object.use_count(), 1);
    };
    run_task(owner(hold));
}

TEST(CreateTask, IsAwaitedOnce) {
    const auto owner = [](std::string& log) -> Task<void> {
        RunningTask<int> running = create_task(answer_after(1, log));
        co_await std::move(running);
        co_await std::move(running);
    };
    std::string log;
    EXPECT_THROW(run_task(owner(log)), Error);
}

TEST(CreateTask, NeedsARunningLoop) {
    std::string log;
    EXPECT_THROW(create_task(answer_after(0, log)), Error);
    EXPECT_EQ(log, "");
}

}  // namespace asyncbench::create_task_tests
