#include "async/timeout.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <stdexcept>
#include <string>

#include "async/run.hpp"
#include "async/schedule.hpp"
#include "async/semaphore.hpp"
#include "async/sleep.hpp"
#include "tests/async/run_task.hpp"

namespace asyncbench::timeout_tests {

using namespace std::chrono_literals;
using testing::run_task;

Task<int> sleep_then(Nanoseconds time, int value) {
    co_await sleep_for(time);
    co_return value;
}

TEST(WithTimeout, GivesTheResultOfATaskThatIsInTime) {
    EXPECT_EQ(run_task(with_timeout(sleep_then(1ms, 7), 1h)), 7);
}

TEST(WithTimeout, ThrowsTimeoutErrorThatNamesTheLimit) {
    try {
        run_task(with_timeout(sleep_then(1h, 7), 2ms));
        FAIL() << "no exception";
    } catch (const TimeoutError& error) {
        EXPECT_EQ(error.limit(), 2ms);
        EXPECT_NE(std::string(error.what()).find("2 ms"), std::string::npos);
    }
}

TEST(WithTimeout, AwaitsTheEndOfTheTaskThatItCancelled) {
    const auto slow_to_end = [](std::string& log) -> Task<void> {
        try {
            co_await sleep_for(1h);
        } catch (const CancelledError&) {
            log += "cancelled ";
        }
        for (int turn = 0; turn < 5; ++turn) {
            co_await resume_on(*Loop::current());
        }
        log += "ended ";
        throw CancelledError();
    };
    const auto outer = [](auto slow, std::string& log) -> Task<void> {
        try {
            co_await with_timeout(slow(log), 1ms);
        } catch (const TimeoutError&) {
            log += "timeout";
        }
    };
    std::string log;
    run_task(outer(slow_to_end, log));
    EXPECT_EQ(log, "cancelled ended timeout");
}

TEST(WithTimeout, GivesTheResultOfATaskThatEndsAfterAll) {
    const auto stubborn = []() -> Task<int> {
        try {
            co_await sleep_for(1h);
        } catch (const CancelledError&) {
        }
        co_return 3;
    };
    EXPECT_EQ(run_task(with_timeout(stubborn(), 1ms)), 3);
}

TEST(WithTimeout, LetsTheTasksOwnExceptionsPass) {
    const auto fail = []() -> Task<void> {
        co_await sleep_for(1ms);
        throw std::runtime_error("own");
    };
    EXPECT_THROW(run_task(with_timeout(fail(), 1h)), std::runtime_error);
    const auto cancel_oneself = []() -> Task<void> {
        co_await sleep_for(1ms);
        throw CancelledError();
    };
    EXPECT_THROW(run_task(with_timeout(cancel_oneself(), 1h)), CancelledError);
}

TEST(WithTimeout, OfNothingLeftEndsTheFirstWait) {
    Loop loop;
    EXPECT_THROW(run(loop, with_timeout(sleep_then(1h, 1), 0ns)), TimeoutError);
    EXPECT_THROW(run(loop, with_timeout(sleep_then(1h, 1), -1s)), TimeoutError);
    EXPECT_EQ(loop.stats().steps, 2U);
}

TEST(WithTimeout, ThatIsCancelledFromOutsideThrowsCancelledError) {
    const auto outer = []() -> Task<std::string> {
        CancellationSource source;
        Loop::current()->post([&source] { source.cancel(); });
        try {
            co_await with_timeout(sleep_then(1h, 1), 1h).with_cancellation(source.token());
        } catch (const CancelledError&) {
            co_return "cancelled";
        } catch (const TimeoutError&) {
            co_return "timeout";
        }
        co_return "neither";
    };
    EXPECT_EQ(run_task(outer()), "cancelled");
}

TEST(WithTimeout, EndsATaskThatCarriesATokenOfItsOwnAndKeepsThatToken) {
    const auto outer = []() -> Task<std::string> {
        CancellationSource own;
        std::string log;
        try {
            co_await with_timeout(sleep_then(1h, 1).with_cancellation(own.token()), 1ms);
        } catch (const TimeoutError&) {
            log += "timeout ";
        }
        Loop::current()->post([&own] { own.cancel(); });
        try {
            co_await with_timeout(sleep_then(1h, 1).with_cancellation(own.token()), 1h);
        } catch (const CancelledError&) {
            log += "cancelled";
        }
        co_return log;
    };
    EXPECT_EQ(run_task(outer()), "timeout cancelled");
}

TEST(WithTimeout, EndsTheShorterOfTwoFirst) {
    const auto outer = []() -> Task<Nanoseconds> {
        try {
            co_await with_timeout(with_timeout(sleep_then(1h, 1), 1ms), 1h);
        } catch (const TimeoutError& error) {
            co_return error.limit();
        }
        co_return Nanoseconds(0);
    };
    EXPECT_EQ(run_task(outer()), 1ms);
    const auto reversed = []() -> Task<Nanoseconds> {
        try {
            co_await with_timeout(with_timeout(sleep_then(1h, 1), 1h), 1ms);
        } catch (const TimeoutError& error) {
            co_return error.limit();
        }
        co_return Nanoseconds(0);
    };
    EXPECT_EQ(run_task(reversed()), 1ms);
}

TEST(WithTimeout, EndsAWaitForASemaphoreInsideNestedTasks) {
    Semaphore semaphore(0);
    const auto inner = [](Semaphore& from) -> Task<void> {
        const Semaphore::Permit permit = co_await from.acquire();
    };
    const auto middle = [](auto acquires, Semaphore& from) -> Task<void> { co_await acquires(from); };
    EXPECT_THROW(run_task(with_timeout(middle(inner, semaphore), 1ms)), TimeoutError);
}

TEST(WithTimeout, GivesReferencesAndMoveOnlyResults) {
    int object = 0;
    const auto refer = [](int& target) -> Task<int&> { co_return target; };
    EXPECT_EQ(&run_task(with_timeout(refer(object), 1h)), &object);
    const auto make = []() -> Task<std::unique_ptr<int>> { co_return std::make_unique<int>(4); };
    EXPECT_EQ(*run_task(with_timeout(make(), 1h)), 4);
}

}  // namespace asyncbench::timeout_tests
