#include "async/semaphore.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "async/gather.hpp"
#include "async/run.hpp"
#include "async/schedule.hpp"
#include "async/sleep.hpp"
#include "async/task_group.hpp"
#include "tests/async/expect_findings.hpp"
#include "tests/async/run_task.hpp"

namespace asyncbench::semaphore_tests {

using namespace std::chrono_literals;
using testing::run_task;

Task<void> turns(int count) {
    for (int turn = 0; turn < count; ++turn) {
        co_await resume_on(*Loop::current());
    }
}

Task<void> inside(Semaphore& semaphore, int& now, int& most) {
    const Semaphore::Permit permit = co_await semaphore.acquire();
    most = std::max(most, ++now);
    co_await turns(3);
    --now;
}

TEST(Semaphore, LetsInAsManyAsItHasPermits) {
    Semaphore semaphore(3);
    int now = 0;
    int most = 0;
    std::vector<Task<void>> tasks;
    for (int i = 0; i < 20; ++i) {
        tasks.push_back(inside(semaphore, now, most));
    }
    run_task(gather(std::move(tasks)));
    EXPECT_EQ(most, 3);
    EXPECT_EQ(now, 0);
    EXPECT_EQ(semaphore.available(), 3U);
}

TEST(Semaphore, DoesNotSuspendWhereAPermitIsFree) {
    Semaphore semaphore(1);
    const auto acquire = [](Semaphore& from) -> Task<void> {
        const Semaphore::Permit permit = co_await from.acquire();
        EXPECT_TRUE(permit);
        EXPECT_EQ(from.available(), 0U);
    };
    Loop loop;
    run(loop, acquire(semaphore));
    EXPECT_EQ(loop.stats().steps, 1U);
    EXPECT_EQ(semaphore.available(), 1U);
}

Task<void> note_inside(Semaphore& semaphore, std::string& log, char name) {
    const Semaphore::Permit permit = co_await semaphore.acquire();
    log += name;
    co_await turns(1);
}

TEST(Semaphore, LetsThemInInTheOrderTheyAsked) {
    Semaphore semaphore(1);
    std::string log;
    std::vector<Task<void>> tasks;
    for (char name = 'a'; name <= 'f'; ++name) {
        tasks.push_back(note_inside(semaphore, log, name));
    }
    run_task(gather(std::move(tasks)));
    EXPECT_EQ(log, "abcdef");
}

TEST(Semaphore, HandsAPermitToTheOneThatWaitsRatherThanToOneThatComesLater) {
    Semaphore semaphore(1);
    const auto outer = [](Semaphore& from, std::string& log) -> Task<void> {
        TaskGroup group;
        Semaphore::Permit first = co_await from.acquire();
        group.spawn(note_inside(from, log, 'w'));
        first.release();
        group.spawn(note_inside(from, log, 'l'));
        co_await group.join();
    };
    std::string log;
    run_task(outer(semaphore, log));
    EXPECT_EQ(log, "wl");
}

TEST(Semaphore, GetsItsPermitBackWhenAnExceptionLeavesTheSection) {
    Semaphore semaphore(1);
    const auto fail = [](Semaphore& from) -> Task<void> {
        const Semaphore::Permit permit = co_await from.acquire();
        throw std::runtime_error("inside");
    };
    EXPECT_THROW(run_task(fail(semaphore)), std::runtime_error);
    EXPECT_EQ(semaphore.available(), 1U);
}

TEST(Semaphore, EndsTheWaitOfATaskThatIsCancelledAndKeepsTheOthersInLine) {
    Semaphore semaphore(1);
    const auto outer = [](Semaphore& from, std::string& log) -> Task<void> {
        CancellationSource source;
        TaskGroup group;
        Semaphore::Permit first = co_await from.acquire();
        group.spawn(note_inside(from, log, 'a'));
        group.spawn(note_inside(from, log, 'b').with_cancellation(source.token()));
        group.spawn(note_inside(from, log, 'c'));
        source.cancel();
        co_await turns(2);
        first.release();
        co_await group.join();
    };
    std::string log;
    run_task(outer(semaphore, log));
    EXPECT_EQ(log, "ac");
    EXPECT_EQ(semaphore.available(), 1U);
}

TEST(Semaphore, KeepsTheGrantOfATaskThatIsCancelledJustAfterIt) {
    Semaphore semaphore(1);
    const auto outer = [](Semaphore& from, std::string& log) -> Task<void> {
        CancellationSource source;
        TaskGroup group;
        Semaphore::Permit first = co_await from.acquire();
        group.spawn(note_inside(from, log, 'a').with_cancellation(source.token()));
        first.release();
        source.cancel();
        co_await group.join();
    };
    std::string log;
    run_task(outer(semaphore, log));
    EXPECT_EQ(log, "a");
    EXPECT_EQ(semaphore.available(), 1U);
}

TEST(Semaphore, LosesNoPermitToATaskThatIsDestroyedWhileItWaitsOrWasGrantedOne) {
    const ExpectFindings expected(Finding::Kind::destroyed_pending, 2);
    Semaphore semaphore(1);
    const auto outer = [](Semaphore& from) -> Task<void> {
        Semaphore::Permit first = co_await from.acquire();
        std::string log;
        {
            TaskGroup granted;
            granted.spawn(note_inside(from, log, 'g'));
            {
                TaskGroup waiting;
                waiting.spawn(note_inside(from, log, 'w'));
            }
            first.release();
            EXPECT_EQ(from.available(), 0U);
        }
        EXPECT_EQ(from.available(), 1U);
        EXPECT_EQ(log, "");
    };
    run_task(outer(semaphore));
    EXPECT_EQ(semaphore.available(), 1U);
}

TEST(Semaphore, MovesItsPermits) {
    Semaphore semaphore(2);
    const auto outer = [](Semaphore& from) -> Task<void> {
        Semaphore::Permit one = co_await from.acquire();
        Semaphore::Permit two = std::move(one);
        EXPECT_FALSE(one);  // NOLINT(bugprone-use-after-move): the subject of this test
        EXPECT_EQ(from.available(), 1U);
        one = co_await from.acquire();
        EXPECT_EQ(from.available(), 0U);
        two.release();
        two.release();
        EXPECT_EQ(from.available(), 1U);
    };
    run_task(outer(semaphore));
    EXPECT_EQ(semaphore.available(), 2U);
}

TEST(Semaphore, ThatEndsBeforeItsWaitersLeavesThemWaiting) {
    const ExpectFindings expected(Finding::Kind::destroyed_pending);
    const auto held = std::make_shared<int>(1);
    const auto wait = [](Semaphore& from, std::shared_ptr<int>) -> Task<void> {
        const Semaphore::Permit permit = co_await from.acquire();
        ADD_FAILURE() << "went on";
    };
    const auto outer = [](auto waits, const std::shared_ptr<int>& value) -> Task<void> {
        TaskGroup group;
        auto semaphore = std::make_unique<Semaphore>(0);
        group.spawn(waits(*semaphore, value));
        semaphore.reset();
        co_await turns(2);
        EXPECT_EQ(value.use_count(), 2);
    };
    run_task(outer(wait, held));
    EXPECT_EQ(held.use_count(), 1);
}

}  // namespace asyncbench::semaphore_tests
