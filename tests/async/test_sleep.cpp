#include "async/sleep.hpp"

#include <gtest/gtest.h>

#include <string>

#include "async/gather.hpp"
#include "async/run.hpp"
#include "async/schedule.hpp"
#include "tests/async/run_task.hpp"

namespace asyncbench::sleep_tests {

using namespace std::chrono_literals;
using testing::run_task;

TEST(Sleep, EndsAtItsTimeOrLater) {
    const auto sleeper = []() -> Task<Nanoseconds> {
        const TimePoint until = Clock::now() + 3ms;
        co_await sleep_until(until);
        co_return Clock::now() - until;
    };
    EXPECT_GE(run_task(sleeper()), 0ns);
}

TEST(Sleep, UntilATimeThatHasPassedDoesNotSuspend) {
    const auto sleeper = []() -> Task<void> {
        co_await sleep_until(Clock::now() - 1ms);
        co_await sleep_for(0ns);
        co_await sleep_for(-1s);
    };
    Loop loop;
    run(loop, sleeper());
    EXPECT_EQ(loop.stats().steps, 1U);
}

TEST(Sleep, LetsOthersRunMeanwhile) {
    const auto sleeper = [](Nanoseconds time, std::string& log, char name) -> Task<void> {
        co_await sleep_for(time);
        log += name;
    };
    std::string log;
    run_task(gather(sleeper(5ms, log, 'c'), sleeper(1ms, log, 'a'), sleeper(3ms, log, 'b')));
    EXPECT_EQ(log, "abc");
}

TEST(Sleep, EndsWithCancelledErrorWhenItsTaskIsCancelled) {
    const auto sleeper = []() -> Task<bool> {
        try {
            co_await sleep_for(1h);
        } catch (const CancelledError&) {
            co_return true;
        }
        co_return false;
    };
    const auto outer = [](auto sleeps) -> Task<bool> {
        CancellationSource source;
        Timer timer(*Loop::current());
        timer.at(Clock::now() + 1ms, [&source] { source.cancel(); });
        co_return co_await sleeps().with_cancellation(source.token());
    };
    EXPECT_TRUE(run_task(outer(sleeper)));
}

TEST(Sleep, OfATaskThatIsCancelledAlreadyDoesNotSuspend) {
    const auto sleeper = []() -> Task<bool> {
        try {
            co_await sleep_for(1h);
        } catch (const CancelledError&) {
            co_return true;
        }
        co_return false;
    };
    CancellationSource source;
    source.cancel();
    Loop loop;
    EXPECT_TRUE(run(loop, sleeper().with_cancellation(source.token())));
    EXPECT_EQ(loop.stats().steps, 1U);
}

TEST(Sleep, IsNotCancelledAfterItsEnd) {
    // One expression, so that the sleep's awaiter still exists when its token is cancelled. Were it resumed
    // for that, it would be before the callback that is posted next.
    const auto sleeper = [](CancellationSource& own) -> Task<bool> {
        Loop& loop = *Loop::current();
        bool posted_ran = false;
        const auto post = [&] { loop.post([&posted_ran] { posted_ran = true; }); };
        (co_await sleep_for(1ms), own.cancel(), post(), co_await resume_on(loop));
        co_return posted_ran;
    };
    const auto outer = [](auto sleeps) -> Task<bool> {
        CancellationSource source;
        co_return co_await sleeps(source).with_cancellation(source.token());
    };
    EXPECT_TRUE(run_task(outer(sleeper)));
}

TEST(Sleep, ThatIsDueAndCancelledInOneTurnEndsOnce) {
    // Both timers are due when the loop looks; the first one's callback cancels the sleep.
    const auto outer = []() -> Task<int> {
        CancellationSource source;
        Timer canceller(*Loop::current());
        const TimePoint soon = Clock::now() + 1ms;
        canceller.at(soon, [&source] { source.cancel(); });
        int ends = 0;
        const auto sleeper = [](TimePoint until, int& count) -> Task<void> {
            try {
                co_await sleep_until(until);
            } catch (const CancelledError&) {
            }
            ++count;
        };
        Task<void> sleeping = sleeper(soon + 1us, ends).with_cancellation(source.token());
        const auto block = [](TimePoint until) -> Task<void> {
            while (Clock::now() < until) {
            }
            co_return;
        };
        co_await gather(std::move(sleeping), block(soon + 1ms));
        co_return ends;
    };
    EXPECT_EQ(run_task(outer()), 1);
}

TEST(Sleep, NeedsALoop) {
    EXPECT_THROW(static_cast<void>(sleep_for(1ms)), Error);
}

}  // namespace asyncbench::sleep_tests
