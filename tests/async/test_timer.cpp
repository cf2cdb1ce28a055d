#include "async/timer.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "async/loop.hpp"

namespace asyncbench::timer_tests {

using namespace std::chrono_literals;

TEST(Timer, CallsBackAtItsDeadlineAndNotBefore) {
    Loop loop;
    Timer timer(loop);
    const TimePoint deadline = Clock::now() + 5ms;
    TimePoint called;
    timer.at(deadline, [&] {
        called = Clock::now();
        loop.stop();
    });
    EXPECT_TRUE(timer.armed());
    loop.run();
    EXPECT_GE(called, deadline);
    EXPECT_FALSE(timer.armed());
}

TEST(Timer, CallsBackInAStepOfTheLoopWhereTheDeadlineHasPassed) {
    Loop loop;
    Timer timer(loop);
    std::string order;
    loop.post([&] {
        timer.at(Clock::now() - 1s, [&] {
            order += 'b';
            loop.stop();
        });
        order += 'a';
    });
    loop.run();
    EXPECT_EQ(order, "ab");
}

TEST(Timer, RunsSeveralInTheOrderOfTheirDeadlines) {
    Loop loop;
    Timer late(loop);
    Timer early(loop);
    std::string order;
    const TimePoint now = Clock::now();
    late.at(now + 4ms, [&] {
        order += 'l';
        loop.stop();
    });
    early.at(now + 2ms, [&] { order += 'e'; });
    loop.run();
    EXPECT_EQ(order, "el");
}

TEST(Timer, ThatWasCancelledIsNotCalled) {
    Loop loop;
    Timer timer(loop);
    Timer end(loop);
    bool called = false;
    timer.at(Clock::now() + 1ms, [&] { called = true; });
    timer.cancel();
    timer.cancel();
    EXPECT_FALSE(timer.armed());
    end.at(Clock::now() + 5ms, [&] { loop.stop(); });
    loop.run();
    EXPECT_FALSE(called);
}

// Both are due, so Asio has queued both handlers when the first one runs.
TEST(Timer, ThatIsCancelledWhenItsHandlerIsQueuedAlreadyIsNotCalled) {
    Loop loop;
    Timer first(loop);
    Timer second(loop);
    bool called = false;
    const TimePoint past = Clock::now() - 1ms;
    first.at(past, [&] {
        second.cancel();
        loop.post([&] { loop.post([&] { loop.stop(); }); });
    });
    second.at(past, [&] { called = true; });
    loop.run();
    EXPECT_FALSE(called);
}

TEST(Timer, ThatIsArmedAgainWhenItsHandlerIsQueuedAlreadyCallsTheNewCallbackOnly) {
    Loop loop;
    Timer first(loop);
    Timer second(loop);
    std::string calls;
    TimePoint due;
    TimePoint called;
    const TimePoint past = Clock::now() - 1ms;
    first.at(past, [&] {
        due = Clock::now() + 2ms;
        second.at(due, [&] {
            calls += "new";
            called = Clock::now();
            loop.stop();
        });
    });
    second.at(past, [&] { calls += "old"; });
    loop.run();
    EXPECT_EQ(calls, "new");
    EXPECT_GE(called, due) << "the queued handler called it";
}

TEST(Timer, ArmedAgainForgetsTheEarlierCallback) {
    Loop loop;
    Timer timer(loop);
    const auto held = std::make_shared<int>(1);
    timer.at(Clock::now() + 1h, [held] {});
    EXPECT_EQ(held.use_count(), 2);
    timer.at(Clock::now() + 1ms, [&loop] { loop.stop(); });
    EXPECT_EQ(held.use_count(), 1);
    loop.run();
}

TEST(Timer, MayBeArmedByItsOwnCallback) {
    Loop loop;
    Timer timer(loop);
    int calls = 0;
    struct Tick {
        Loop& loop;
        Timer& timer;
        int& calls;
        void operator()() const {
            if (++calls == 3) {
                loop.stop();
            } else {
                timer.at(Clock::now() + 1ms, *this);
            }
        }
    };
    timer.at(Clock::now(), Tick{loop, timer, calls});
    loop.run();
    EXPECT_EQ(calls, 3);
}

TEST(Timer, MayBeDestroyedByItsOwnCallback) {
    Loop loop;
    std::optional<Timer> timer(loop);
    bool gone = false;
    timer->at(Clock::now(), [&] {
        timer.reset();
        gone = true;
        loop.stop();
    });
    loop.run();
    EXPECT_TRUE(gone);
}

TEST(Timer, MayBeOwnedByItsOwnCallback) {
    Loop loop;
    bool called = false;
    auto owned = std::make_shared<Timer>(loop);
    owned->at(Clock::now(), [&called, &loop, owned] {
        called = true;
        loop.stop();
    });
    owned.reset();
    loop.run();
    EXPECT_TRUE(called);
}

TEST(Timer, CancelsWhenItIsDestroyed) {
    Loop loop;
    bool called = false;
    {
        Timer timer(loop);
        timer.at(Clock::now(), [&called] { called = true; });
    }
    loop.post([&] { loop.post([&] { loop.stop(); }); });
    loop.run();
    EXPECT_FALSE(called);
}

TEST(Timer, KeepsItsDeadlineWhenMoved) {
    Loop loop;
    Timer first(loop);
    bool called = false;
    first.at(Clock::now() + 1ms, [&] {
        called = true;
        loop.stop();
    });
    const Timer second = std::move(first);
    EXPECT_TRUE(second.armed());
    loop.run();
    EXPECT_TRUE(called);
}

TEST(Timer, MayBeArmedWhenTheLoopEnds) {
    const auto held = std::make_shared<int>(1);
    {
        Loop loop;
        auto owned = std::make_shared<Timer>(loop);
        owned->at(Clock::now() + 1h, [held, owned] {});
        owned->cancel();
        Timer armed(loop);
        armed.at(Clock::now() + 1h, [held] {});
    }
    EXPECT_EQ(held.use_count(), 1);
}

}  // namespace asyncbench::timer_tests
