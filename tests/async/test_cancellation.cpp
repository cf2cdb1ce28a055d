#include "async/cancellation.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>

#include "async/loop.hpp"
#include "async/run.hpp"
#include "async/schedule.hpp"
#include "async/sleep.hpp"
#include "async/task_group.hpp"
#include "tests/async/run_task.hpp"

namespace asyncbench::cancellation_tests {

using namespace std::chrono_literals;
using testing::run_task;

TEST(CancellationToken, WithoutASourceIsNeverCancelled) {
    const CancellationToken none;
    EXPECT_FALSE(none.can_be_cancelled());
    EXPECT_FALSE(none.cancelled());
    EXPECT_NO_THROW(none.throw_if_cancelled());
}

TEST(CancellationToken, SeesThatItsSourceWasCancelledAlsoAfterTheSourcesEnd) {
    CancellationToken token;
    {
        CancellationSource source;
        token = source.token();
        EXPECT_TRUE(token.can_be_cancelled());
        EXPECT_FALSE(token.cancelled());
        source.cancel();
        EXPECT_TRUE(source.cancelled());
    }
    EXPECT_TRUE(token.cancelled());
    EXPECT_THROW(token.throw_if_cancelled(), CancelledError);
}

TEST(CancellationSource, DoesNotCancelWhenItEnds) {
    CancellationToken token;
    {
        const CancellationSource source;
        token = source.token();
    }
    EXPECT_FALSE(token.cancelled());
}

TEST(CancellationSource, CallsItsCallbacksOnceInTheOrderTheyCame) {
    CancellationSource source;
    std::string log;
    CancellationCallback first;
    CancellationCallback second;
    first.arm(source.token(), [&log] { log += '1'; });
    second.arm(source.token(), [&log] { log += '2'; });
    source.cancel();
    source.cancel();
    EXPECT_EQ(log, "12");
}

TEST(CancellationSource, IsCancelledWithItsParent) {
    CancellationSource parent;
    CancellationSource child(parent.token());
    CancellationSource unlinked(parent.token());
    unlinked.unlink_parent();
    child.cancel();
    EXPECT_FALSE(parent.cancelled());
    CancellationSource late(parent.token());
    parent.cancel();
    EXPECT_TRUE(late.cancelled());
    EXPECT_FALSE(unlinked.cancelled());
    const CancellationSource after(parent.token());
    EXPECT_TRUE(after.cancelled());
}

TEST(CancellationCallback, IsCalledAtOnceWhereTheTokenIsCancelledAlready) {
    CancellationSource source;
    source.cancel();
    bool called = false;
    CancellationCallback callback;
    callback.arm(source.token(), [&called] { called = true; });
    EXPECT_TRUE(called);
}

TEST(CancellationCallback, IsNotCalledAfterItWasDisarmedOrEnded) {
    CancellationSource source;
    int calls = 0;
    CancellationCallback disarmed;
    disarmed.arm(source.token(), [&calls] { ++calls; });
    disarmed.disarm();
    {
        CancellationCallback ended;
        ended.arm(source.token(), [&calls] { ++calls; });
    }
    source.cancel();
    EXPECT_EQ(calls, 0);
}

TEST(CancellationCallback, ArmedAgainReplacesTheEarlierOne) {
    CancellationSource one;
    CancellationSource two;
    std::string log;
    CancellationCallback callback;
    callback.arm(one.token(), [&log] { log += '1'; });
    callback.arm(two.token(), [&log] { log += '2'; });
    one.cancel();
    EXPECT_EQ(log, "");
    two.cancel();
    EXPECT_EQ(log, "2");
}

TEST(CancellationCallback, ArmedWithATokenWithoutSourceForgetsTheEarlierOne) {
    CancellationSource source;
    bool called = false;
    CancellationCallback callback;
    callback.arm(source.token(), [&called] { called = true; });
    callback.arm(CancellationToken(), [&called] { called = true; });
    source.cancel();
    EXPECT_FALSE(called);
}

TEST(CancellationCallback, MayEndItselfAndOthersAndTheSource) {
    auto source = std::make_unique<CancellationSource>();
    auto self = std::make_unique<CancellationCallback>();
    auto other = std::make_unique<CancellationCallback>();
    std::string log;
    self->arm(source->token(), [&, held = std::make_shared<std::string>("self")] {
        self.reset();
        other.reset();
        source.reset();
        log += *held;  // the function outlives the object it stood in
    });
    other->arm(source->token(), [&log] { log += "other"; });
    source->cancel();
    EXPECT_EQ(log, "self");
}

TEST(CancellationCallback, OutlivesItsSource) {
    CancellationCallback callback;
    {
        const CancellationSource source;
        callback.arm(source.token(), [] { FAIL(); });
    }
    callback.disarm();
    SUCCEED();
}

Task<bool> inner_can_be_cancelled() {
    const CancellationToken token = co_await current_cancellation();
    co_return token.can_be_cancelled();
}

Task<bool> outer_can_be_cancelled() {
    co_return co_await inner_can_be_cancelled();
}

TEST(TaskCancellation, IsHandedOnToAwaitedTasks) {
    const CancellationSource source;
    EXPECT_FALSE(run_task(outer_can_be_cancelled()));
    EXPECT_TRUE(run_task(outer_can_be_cancelled().with_cancellation(source.token())));
}

TEST(TaskCancellation, IsShieldedByATokenOfItsOwn) {
    const auto shields = []() -> Task<bool> {
        co_return co_await inner_can_be_cancelled().with_cancellation({});
    };
    const CancellationSource source;
    EXPECT_FALSE(run_task(shields().with_cancellation(source.token())));
}

TEST(TaskCancellation, DoesNotSuspendTheTaskThatAsksForItsToken) {
    Loop loop;
    run(loop, inner_can_be_cancelled());
    EXPECT_EQ(loop.stats().steps, 1U);
}

TEST(TaskCancellation, StaysSoThatEveryFurtherWaitEndsAtOnce) {
    const auto persistent = []() -> Task<int> {
        int cancelled = 0;
        for (int wait = 0; wait < 3; ++wait) {
            try {
                co_await sleep_for(1h);
            } catch (const CancelledError&) {
                ++cancelled;
            }
        }
        co_return cancelled;
    };
    const auto outer = [](auto task) -> Task<int> {
        CancellationSource source;
        Loop::current()->post([&source] { source.cancel(); });
        co_return co_await task().with_cancellation(source.token());
    };
    EXPECT_EQ(run_task(outer(persistent)), 3);
}

TEST(TaskCancellation, LetsATaskCleanUpWithWaitsOfItsOwn) {
    const auto clean_up = [](std::string& log) -> Task<void> {
        co_await sleep_for(1ms);
        log += "clean";
    };
    const auto worker = [](auto cleans, std::string& log) -> Task<void> {
        bool cancelled = false;
        try {
            co_await sleep_for(1h);
        } catch (const CancelledError&) {
            cancelled = true;
        }
        EXPECT_TRUE(cancelled);
        co_await cleans(log).with_cancellation({});
    };
    const auto outer = [](auto work, auto cleans, std::string& log) -> Task<void> {
        CancellationSource source;
        Loop::current()->post([&source] { source.cancel(); });
        co_await work(cleans, log).with_cancellation(source.token());
    };
    std::string log;
    run_task(outer(worker, clean_up, log));
    EXPECT_EQ(log, "clean");
}

TEST(TaskCancellation, ResumesTheWaiterInALaterStepRatherThanInsideCancel) {
    const auto sleeper = [](bool& flag) -> Task<void> {
        try {
            co_await sleep_for(1h);
        } catch (const CancelledError&) {
        }
        flag = true;
    };
    const auto outer = [](auto sleeps) -> Task<bool> {
        CancellationSource source;
        TaskGroup group;
        bool resumed = false;
        group.spawn(sleeps(resumed).with_cancellation(source.token()));
        source.cancel();
        const bool inside = resumed;
        co_await group.join();
        EXPECT_TRUE(resumed);
        co_return inside;
    };
    EXPECT_FALSE(run_task(outer(sleeper)));
}

// The awaitable of the comment in cancellation.hpp, as another engineer would write it.
class Event {
  public:
    explicit Event(Loop& loop) : loop_(loop) {}
    static bool await_ready() noexcept { return false; }
    template <class Promise>
    bool await_suspend(std::coroutine_handle<Promise> awaiting) {
        const CancellationToken token = cancellation_token(awaiting);
        if (token.cancelled()) {
            cancelled_ = true;
            return false;
        }
        registration_.arm(token, [this, awaiting] {
            cancelled_ = true;
            loop_.make_ready(ready_, awaiting);
        });
        return true;
    }
    void await_resume() const {
        if (cancelled_) {
            throw CancelledError();
        }
    }

  private:
    Loop& loop_;
    bool cancelled_ = false;
    CancellationCallback registration_;
    ReadyNode ready_;
};

TEST(TaskCancellation, ReachesAwaitablesOfOthers) {
    const auto waits = []() -> Task<void> { co_await Event(*Loop::current()); };
    const auto outer = [](auto wait) -> Task<bool> {
        CancellationSource source;
        Loop::current()->post([&source] { source.cancel(); });
        try {
            co_await wait().with_cancellation(source.token());
        } catch (const CancelledError&) {
            co_return true;
        }
        co_return false;
    };
    EXPECT_TRUE(run_task(outer(waits)));
}

struct PlainPromise {};

TEST(TaskCancellation, IsAbsentFromPromisesThatCarryNone) {
    EXPECT_FALSE(cancellation_token(std::coroutine_handle<PlainPromise>()).can_be_cancelled());
    EXPECT_FALSE(cancellation_token(std::coroutine_handle<>()).can_be_cancelled());
}

}  // namespace asyncbench::cancellation_tests
