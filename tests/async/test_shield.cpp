#include "async/shield.hpp"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>

#include "async/schedule.hpp"
#include "async/sleep.hpp"
#include "async/timeout.hpp"
#include "tests/async/run_task.hpp"

namespace asyncbench::shield_tests {

using namespace std::chrono_literals;
using testing::run_task;

Task<int> answer_after(int turns, std::string& log) {
    for (int turn = 0; turn < turns; ++turn) {
        co_await resume_on(*Loop::current());
    }
    log += 'e';
    co_return 42;
}

Task<int> answer_after(Nanoseconds duration) {
    co_await sleep_for(duration);
    co_return 42;
}

Task<int> fail() {
    co_await sleep_for(1ms);
    throw std::runtime_error("broken");
}

TEST(Shield, GivesTheResult) {
    const auto owner = []() -> Task<int> { co_return co_await shield(answer_after(1ms)); };
    EXPECT_EQ(run_task(owner()), 42);
}

TEST(Shield, GivesTheResultOfARunningTask) {
    const auto owner = [](std::string& log) -> Task<int> {
        RunningTask<int> running = create_task(answer_after(3, log));
        co_return co_await shield(running);
    };
    std::string log;
    EXPECT_EQ(run_task(owner(log)), 42);
}

TEST(Shield, ThrowsWhatTheTaskThrows) {
    const auto owner = []() -> Task<int> { co_return co_await shield(fail()); };
    EXPECT_THROW(run_task(owner()), std::runtime_error);
}

TEST(Shield, EndsTheWaitButNotTheTaskWhenTheOneThatWaitsIsCancelled) {
    const auto owner = []() -> Task<int> {
        RunningTask<int> running = create_task(answer_after(20ms));
        EXPECT_THROW(co_await with_timeout(shield(running), 1ms), TimeoutError);
        EXPECT_FALSE(running.done());
        co_return co_await std::move(running);
    };
    EXPECT_EQ(run_task(owner()), 42);
}

TEST(Shield, EndsAtOnceWhereTheOneThatWaitsIsCancelledAlready) {
    const auto owner = [](std::string& log) -> Task<int> {
        RunningTask<int> running = create_task(answer_after(3, log));
        EXPECT_THROW(co_await with_timeout(shield(running), 0ns), TimeoutError);
        EXPECT_EQ(log, "");
        co_return co_await std::move(running);
    };
    std::string log;
    EXPECT_EQ(run_task(owner(log)), 42);
}

TEST(Shield, LetsATaskThatNobodyHoldsRunOn) {
    const auto owner = [](std::string& log) -> Task<void> {
        EXPECT_THROW(co_await with_timeout(shield(answer_after(3, log)), 0ns), TimeoutError);
        EXPECT_EQ(log, "");
        for (int turn = 0; turn < 6; ++turn) {
            co_await resume_on(*Loop::current());
        }
    };
    std::string log;
    run_task(owner(log));
    EXPECT_EQ(log, "e");
}

TEST(Shield, RefusesASecondOneThatWaits) {
    const auto wait = [](RunningTask<int>& running) -> Task<void> { co_await shield(running); };
    const auto owner = [](auto& waiting, std::string& log) -> Task<std::string> {
        RunningTask<int> running = create_task(answer_after(3, log));
        RunningTask<> first = create_task(waiting(running));
        std::string refused;
        try {
            co_await shield(running);
        } catch (const Error& error) {
            refused = error.what();
        }
        co_await std::move(first);
        co_return refused;
    };
    std::string log;
    EXPECT_NE(run_task(owner(wait, log)).find("awaited by two tasks"), std::string::npos);
}

TEST(Shield, GivesAResultOnce) {
    const auto owner = [](std::string& log) -> Task<int> {
        RunningTask<int> running = create_task(answer_after(3, log));
        co_await shield(running);
        co_return co_await std::move(running);
    };
    std::string log;
    EXPECT_THROW(run_task(owner(log)), Error);
}

}  // namespace asyncbench::shield_tests
