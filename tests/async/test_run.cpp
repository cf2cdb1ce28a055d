#include "async/run.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <stdexcept>
#include <string>

#include "async/gather.hpp"
#include "async/schedule.hpp"
#include "async/sleep.hpp"
#include "tests/async/expect_findings.hpp"

namespace asyncbench::run_tests {

using namespace std::chrono_literals;

Task<int> answer() {
    co_return 42;
}

TEST(Run, GivesTheTasksResult) {
    Loop loop;
    EXPECT_EQ(run(loop, answer()), 42);
}

TEST(Run, MakesALoopWhereItIsGivenNone) {
    EXPECT_EQ(run(answer()), 42);
    EXPECT_EQ(Loop::current(), nullptr);
}

TEST(Run, ThrowsWhatTheTaskThrows) {
    Loop loop;
    const auto fail = []() -> Task<void> {
        co_await sleep_for(1ms);
        throw std::runtime_error("broken");
    };
    EXPECT_THROW(run(loop, fail()), std::runtime_error);
}

TEST(Run, GivesAReference) {
    Loop loop;
    int object = 0;
    const auto refer = [](int& target) -> Task<int&> { co_return target; };
    EXPECT_EQ(&run(loop, refer(object)), &object);
}

TEST(Run, RunsTheTaskOnTheLoop) {
    Loop loop;
    const auto where = []() -> Task<Loop*> { co_return Loop::current(); };
    EXPECT_EQ(run(loop, where()), &loop);
}

TEST(Run, CanBeRepeatedOnOneLoop) {
    Loop loop;
    for (int i = 0; i < 100; ++i) {
        EXPECT_EQ(run(loop, answer()), 42);
    }
}

TEST(Run, RefusesToRunInsideARunningLoop) {
    const ExpectFindings expected(Finding::Kind::waits_for_own_loop);
    Loop loop;
    const auto nested = [](Loop& on) -> Task<std::string> {
        try {
            run(on, answer());
        } catch (const Error& error) {
            co_return error.what();
        }
        co_return "";
    };
    EXPECT_NE(run(loop, nested(loop)).find("awaits the task"), std::string::npos);
}

TEST(Run, SaysThatTheLoopWasStoppedBeforeTheTaskWasDone) {
    Loop loop;
    const auto held = std::make_shared<int>(1);
    const auto forever = [](Loop& on, std::shared_ptr<int>) -> Task<void> {
        on.stop();
        co_await sleep_for(1h);
    };
    EXPECT_THROW(run(loop, forever(loop, held)), Error);
    EXPECT_EQ(held.use_count(), 1);
    EXPECT_EQ(run(loop, answer()), 42);
}

TEST(Run, LetsAnExceptionOfAHandlerOutAndDestroysTheTask) {
    Loop loop;
    const auto held = std::make_shared<int>(1);
    const auto forever = [](std::shared_ptr<int>) -> Task<void> { co_await sleep_for(1h); };
    loop.post([] { throw std::runtime_error("first"); });
    // Before the task's first step, and after it.
    EXPECT_THROW(run(loop, forever(held)), std::runtime_error);
    EXPECT_EQ(held.use_count(), 1);
    Timer timer(loop);
    timer.at(Clock::now() + 1ms, [] { throw std::runtime_error("later"); });
    EXPECT_THROW(run(loop, forever(held)), std::runtime_error);
    EXPECT_EQ(held.use_count(), 1);
}

TEST(Run, CancelsAndAwaitsWhatAGatherLeftRunning) {
    Loop loop;
    bool cancelled = false;
    const auto long_sleep = [](bool& flag) -> Task<void> {
        try {
            co_await sleep_for(1h);
        } catch (const CancelledError&) {
            flag = true;
            throw;
        }
    };
    const auto fail = []() -> Task<void> {
        co_await sleep_for(1ms);
        throw std::runtime_error("broken");
    };
    EXPECT_THROW(run(loop, gather(long_sleep(cancelled), fail())), std::runtime_error);
    EXPECT_TRUE(cancelled);
    EXPECT_FALSE(loop.has_adopted_work());
}

}  // namespace asyncbench::run_tests
