#include "async/task_group.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <stdexcept>
#include <string>

#include "async/run.hpp"
#include "async/schedule.hpp"
#include "async/sleep.hpp"
#include "tests/async/run_task.hpp"

namespace asyncbench::task_group_tests {

using namespace std::chrono_literals;
using testing::run_task;

Task<void> note_after(int turns, std::string& log, char name) {
    for (int turn = 0; turn < turns; ++turn) {
        co_await resume_on(*Loop::current());
    }
    log += name;
}

Task<void> fail_after(int turns, std::string text) {
    std::string ignored;
    co_await note_after(turns, ignored, ' ');
    throw std::runtime_error(text);
}

Task<void> sleep_long(std::string& log, char name) {
    try {
        co_await sleep_for(1h);
    } catch (const CancelledError&) {
        log += name;
        throw;
    }
}

TEST(TaskGroup, WaitsForAllItsTasks) {
    const auto owner = [](std::string& log) -> Task<void> {
        TaskGroup group;
        group.spawn(note_after(5, log, 'a'));
        group.spawn(note_after(0, log, 'b'));
        group.spawn(note_after(2, log, 'c'));
        EXPECT_EQ(group.running(), 2U);
        co_await group.join();
        EXPECT_EQ(group.running(), 0U);
        log += '.';
    };
    std::string log;
    run_task(owner(log));
    EXPECT_EQ(log, "bca.");
}

TEST(TaskGroup, OfNoneIsJoinedAtOnce) {
    const auto owner = []() -> Task<bool> {
        TaskGroup group;
        co_await group.join();
        co_return true;
    };
    Loop loop;
    EXPECT_TRUE(run(loop, owner()));
    EXPECT_EQ(loop.stats().steps, 1U);
}

TEST(TaskGroup, CancelsTheOthersOnTheFirstExceptionAndThrowsItWhenAllHaveEnded) {
    const auto slow_to_end = [](std::string& log) -> Task<void> {
        try {
            co_await sleep_for(1h);
        } catch (const CancelledError&) {
        }
        co_await note_after(5, log, 's');
        throw std::runtime_error("second");
    };
    const auto owner = [](auto slow, std::string& log) -> Task<void> {
        TaskGroup group;
        group.spawn(sleep_long(log, 'a'));
        group.spawn(slow(log));
        group.spawn(fail_after(2, "first"));
        try {
            co_await group.join();
        } catch (const std::runtime_error& error) {
            log += error.what();
        }
    };
    std::string log;
    run_task(owner(slow_to_end, log));
    EXPECT_EQ(log, "asfirst");
}

TEST(TaskGroup, ThrowsInJoinWhatFailedBefore) {
    const auto owner = []() -> Task<void> {
        TaskGroup group;
        group.spawn(fail_after(0, "at once"));
        co_await group.join();
    };
    EXPECT_THROW(run_task(owner()), std::runtime_error);
}

TEST(TaskGroup, IsNotFailedByATaskThatWasCancelled) {
    const auto owner = [](std::string& log) -> Task<void> {
        CancellationSource one;
        TaskGroup group;
        group.spawn(sleep_long(log, 'x').with_cancellation(one.token()));
        group.spawn(note_after(5, log, 'b'));
        one.cancel();
        co_await group.join();
        log += '.';
    };
    std::string log;
    run_task(owner(log));
    EXPECT_EQ(log, "xb.");
}

TEST(TaskGroup, CanBeCancelled) {
    const auto owner = [](std::string& log) -> Task<void> {
        TaskGroup group;
        group.spawn(sleep_long(log, 'a'));
        group.spawn(sleep_long(log, 'b'));
        group.cancel();
        group.spawn(sleep_long(log, 'c'));
        co_await group.join();
        log += '.';
    };
    std::string log;
    run_task(owner(log));
    EXPECT_EQ(log.size(), 4U);
    EXPECT_EQ(log.back(), '.');
}

TEST(TaskGroup, IsCancelledWithTheTaskThatJoinsIt) {
    const auto owner = [](std::string& log) -> Task<void> {
        TaskGroup group;
        group.spawn(sleep_long(log, 'a'));
        group.spawn(sleep_long(log, 'b'));
        co_await group.join();
        log += "not reached";
    };
    const auto outer = [](auto owns, std::string& log) -> Task<void> {
        CancellationSource source;
        Loop::current()->post([&source] { source.cancel(); });
        try {
            co_await owns(log).with_cancellation(source.token());
        } catch (const CancelledError&) {
            log += '.';
        }
    };
    std::string log;
    run_task(outer(owner, log));
    EXPECT_EQ(log, "ab.");
}

TEST(TaskGroup, LetsTasksSpawnFurtherOnes) {
    struct Spawner {
        static Task<void> spawn(TaskGroup& group, int levels, int& count) {
            co_await resume_on(*Loop::current());
            ++count;
            if (levels > 0) {
                group.spawn(Spawner::spawn(group, levels - 1, count));
                group.spawn(Spawner::spawn(group, levels - 1, count));
            }
        }
    };
    const auto owner = [](int& count) -> Task<void> {
        TaskGroup group;
        group.spawn(Spawner::spawn(group, 4, count));
        co_await group.join();
    };
    int count = 0;
    run_task(owner(count));
    EXPECT_EQ(count, 31);
}

TEST(TaskGroup, FreesEachTaskWhenItEnds) {
    const auto held = std::make_shared<int>(1);
    const auto keep = [](int turns, std::shared_ptr<int>) -> Task<void> {
        std::string ignored;
        co_await note_after(turns, ignored, ' ');
    };
    const auto owner = [](auto keeper, const std::shared_ptr<int>& value) -> Task<void> {
        TaskGroup group;
        group.spawn(keeper(2, value));
        group.spawn(keeper(10, value));
        EXPECT_EQ(value.use_count(), 3);
        std::string ignored;
        co_await note_after(5, ignored, ' ');
        EXPECT_EQ(value.use_count(), 2);
        co_await group.join();
        EXPECT_EQ(value.use_count(), 1);
    };
    run_task(owner(keep, held));
}

TEST(TaskGroup, DestroysTheTasksThatItsOwnerNeverJoined) {
    const auto held = std::make_shared<int>(1);
    const auto keep = [](std::shared_ptr<int>, bool& flag) -> Task<void> {
        co_await sleep_for(1ms);
        flag = true;
    };
    const auto owner = [](auto keeper, const std::shared_ptr<int>& value, bool& flag) -> Task<void> {
        try {
            TaskGroup group;
            group.spawn(keeper(value, flag));
            group.spawn(keeper(value, flag));
            throw std::runtime_error("before join()");
        } catch (const std::runtime_error&) {
        }
        EXPECT_EQ(value.use_count(), 1);
        co_await sleep_for(3ms);
    };
    bool went_on = false;
    run_task(owner(keep, held, went_on));
    EXPECT_FALSE(went_on);
}

TEST(TaskGroup, RefusesASecondJoin) {
    const auto owner = []() -> Task<std::string> {
        TaskGroup group;
        const auto join = [](TaskGroup& joined) -> Task<void> { co_await joined.join(); };
        std::string ignored;
        group.spawn(note_after(3, ignored, ' '));
        TaskGroup joiners;
        joiners.spawn(join(group));
        joiners.spawn(join(group));
        try {
            co_await joiners.join();
        } catch (const Error& error) {
            co_return error.what();
        }
        co_return "";
    };
    EXPECT_NE(run_task(owner()).find("awaited by two tasks"), std::string::npos);
}

TEST(TaskGroup, RefusesAnEmptyTask) {
    TaskGroup group;
    EXPECT_THROW(group.spawn(Task<void>()), Error);
    EXPECT_EQ(group.running(), 0U);
}

}  // namespace asyncbench::task_group_tests
