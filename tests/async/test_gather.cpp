#include "async/gather.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "async/run.hpp"
#include "async/schedule.hpp"
#include "async/sleep.hpp"
#include "async/timeout.hpp"
#include "tests/async/run_task.hpp"

namespace asyncbench::gather_tests {

using namespace std::chrono_literals;
using testing::run_task;

/// Ends after `turns` turns of the loop.
Task<int> after(int turns, int value) {
    for (int turn = 0; turn < turns; ++turn) {
        co_await resume_on(*Loop::current());
    }
    co_return value;
}

Task<int> fail_after(int turns, std::string text) {
    co_await after(turns, 0);
    throw std::runtime_error(text);
}

Task<int> note_after(int turns, std::string& log, char name) {
    co_await after(turns, 0);
    log += name;
    co_return name;
}

Task<int> sleep_long(std::string& log, char name) {
    try {
        co_await sleep_for(1h);
    } catch (const CancelledError&) {
        log += name;
        throw;
    }
    co_return 0;
}

TEST(Gather, GivesResultsInTheOrderOfTheTasksWhateverTheOrderOfTheirEnds) {
    std::vector<Task<int>> tasks;
    for (int i = 0; i < 5; ++i) {
        tasks.push_back(after(5 - i, i));
    }
    EXPECT_EQ(run_task(gather(std::move(tasks))), (std::vector<int>{0, 1, 2, 3, 4}));
}

TEST(Gather, RunsItsTasksConcurrently) {
    const auto log_twice = [](std::string& log, char name) -> Task<void> {
        log += name;
        co_await resume_on(*Loop::current());
        log += name;
    };
    std::string log;
    run_task(gather(log_twice(log, 'a'), log_twice(log, 'b'), log_twice(log, 'c')));
    EXPECT_EQ(log, "abcabc");
}

TEST(Gather, OfNothingGivesNothing) {
    EXPECT_TRUE(run_task(gather(std::vector<Task<int>>())).empty());
    run_task(gather(std::vector<Task<void>>()));
    run_task(gather());
    SUCCEED();
}

TEST(Gather, GivesDifferentTypesAsATuple) {
    const auto text = []() -> Task<std::string> { co_return "text"; };
    const auto pointer = []() -> Task<std::unique_ptr<int>> { co_return std::make_unique<int>(3); };
    const auto [number, string, owned] = run_task(gather(after(2, 1), text(), pointer()));
    EXPECT_EQ(number, 1);
    EXPECT_EQ(string, "text");
    EXPECT_EQ(*owned, 3);
}

TEST(Gather, GivesReferencesAndAPlaceholderForVoid) {
    int object = 1;
    const auto refer = [](int& target) -> Task<int&> { co_return target; };
    const auto nothing = []() -> Task<void> { co_return; };
    const auto outer = [](auto referrer, auto empty, int& target) -> Task<bool> {
        std::tuple<int&, std::monostate> results = co_await gather(referrer(target), empty());
        co_return &std::get<0>(results) == &target;
    };
    EXPECT_TRUE(run_task(outer(refer, nothing, object)));
}

TEST(Gather, GivesMoveOnlyResultsInAVector) {
    const auto make = [](int value) -> Task<std::unique_ptr<int>> {
        co_return std::make_unique<int>(co_await after(3 - value, value));
    };
    std::vector<Task<std::unique_ptr<int>>> tasks;
    for (int i = 0; i < 3; ++i) {
        tasks.push_back(make(i));
    }
    const auto results = run_task(gather(std::move(tasks)));
    ASSERT_EQ(results.size(), 3U);
    EXPECT_EQ(*results[2], 2);
}

TEST(Gather, OfTasksThatNeverSuspendDoesNotSuspend) {
    const auto outer = []() -> Task<int> {
        int sum = 0;
        for (int i = 0; i < 1'000; ++i) {
            auto [one, two] = co_await gather(after(0, 1), after(0, 2));
            sum += one + two;
        }
        co_return sum;
    };
    Loop loop;
    EXPECT_EQ(run(loop, outer()), 3'000);
    EXPECT_EQ(loop.stats().steps, 1U);
}

TEST(Gather, ThrowsTheFirstExceptionAtOnceWhileTheOthersKeepRunning) {
    const auto outer = [](std::string& log) -> Task<void> {
        try {
            co_await gather(note_after(10, log, 'a'), fail_after(2, "first"), fail_after(4, "second"));
        } catch (const std::runtime_error& error) {
            log += error.what();
        }
        co_await after(20, 0);
    };
    std::string log;
    run_task(outer(log));
    EXPECT_EQ(log, "firsta");
}

TEST(Gather, StartsEveryTaskEvenWhereTheFirstFailsAtOnce) {
    const auto outer = [](std::string& log) -> Task<void> {
        try {
            co_await gather(fail_after(0, "failed"), note_after(0, log, 'b'), note_after(3, log, 'c'));
        } catch (const std::runtime_error& error) {
            log += error.what();
        }
        co_await after(10, 0);
    };
    std::string log;
    run_task(outer(log));
    EXPECT_EQ(log, "bfailedc");
}

TEST(Gather, FreesItsTasksWhenTheLastOfThemEnds) {
    const auto held = std::make_shared<int>(1);
    const auto keep = [](int turns, std::shared_ptr<int>) -> Task<int> {
        co_return co_await after(turns, 0);
    };
    const auto outer = [](auto keeper, std::shared_ptr<int> value) -> Task<long> {
        try {
            co_await gather(keeper(5, value), keeper(9, value), fail_after(1, "early"));
        } catch (const std::runtime_error&) {
        }
        EXPECT_TRUE(Loop::current()->has_adopted_work());
        co_await after(20, 0);
        EXPECT_FALSE(Loop::current()->has_adopted_work());
        co_return value.use_count();
    };
    EXPECT_EQ(run_task(outer(keep, held)), 2);
}

TEST(Gather, IsNotCancelledByATaskThatWasCancelledButFails) {
    CancellationSource source;
    const auto outer = [](CancellationSource& one, std::string& log) -> Task<void> {
        Task<int> cancelled = sleep_long(log, 'x').with_cancellation(one.token());
        Loop::current()->post([&one] { one.cancel(); });
        try {
            co_await gather(std::move(cancelled), note_after(10, log, 'b'));
        } catch (const CancelledError&) {
            log += "caught";
        }
        co_await after(20, 0);
    };
    std::string log;
    run_task(outer(source, log));
    EXPECT_EQ(log, "xcaughtb") << "the other task runs on";
}

TEST(Gather, CancelsItsTasksWhenItIsCancelledAndWaitsForThem) {
    const auto slow_to_end = [](std::string& log) -> Task<int> {
        try {
            co_await sleep_for(1h);
        } catch (const CancelledError&) {
        }
        co_await after(5, 0);
        log += 's';
        throw CancelledError();
    };
    const auto outer = [](auto slow, std::string& log) -> Task<void> {
        CancellationSource source;
        Loop::current()->post([&source] { source.cancel(); });
        try {
            co_await gather(slow(log), sleep_long(log, 'a'), sleep_long(log, 'b'))
                .with_cancellation(source.token());
        } catch (const CancelledError&) {
            log += "caught";
        }
    };
    std::string log;
    run_task(outer(slow_to_end, log));
    EXPECT_EQ(log, "abscaught");
}

TEST(Gather, ThatWasCancelledThrowsEvenWhereItsTasksIgnoreIt) {
    const auto stubborn = []() -> Task<int> {
        try {
            co_await sleep_for(1h);
        } catch (const CancelledError&) {
        }
        co_return 1;
    };
    const auto outer = [](auto ignores) -> Task<bool> {
        CancellationSource source;
        Loop::current()->post([&source] { source.cancel(); });
        try {
            co_await gather(ignores(), ignores()).with_cancellation(source.token());
        } catch (const CancelledError&) {
            co_return true;
        }
        co_return false;
    };
    EXPECT_TRUE(run_task(outer(stubborn)));
}

TEST(Gather, DoesNotCancelWhatItLeftRunning) {
    const auto outer = [](std::string& log) -> Task<void> {
        CancellationSource source;
        try {
            co_await gather(fail_after(1, "failed"), note_after(10, log, 'b'), sleep_long(log, 'c'))
                .with_cancellation(source.token());
        } catch (const std::runtime_error&) {
        }
        source.cancel();
        co_await after(20, 0);
        log += '.';
    };
    std::string log;
    run_task(outer(log));
    EXPECT_EQ(log, "b.c") << "c is cancelled by the end of run() alone";
}

TEST(Gather, EndsUnderATimeout) {
    std::string log;
    EXPECT_THROW(run_task(with_timeout(gather(sleep_long(log, 'a'), sleep_long(log, 'b')), 1ms)),
                 TimeoutError);
    EXPECT_EQ(log, "ab");
}

TEST(Gather, NestsInGather) {
    std::vector<Task<std::tuple<int, int>>> pairs;
    for (int i = 0; i < 3; ++i) {
        pairs.push_back(gather(after(i, i), after(3 - i, 10 * i)));
    }
    const auto results = run_task(gather(std::move(pairs)));
    EXPECT_EQ(results[2], (std::tuple<int, int>(2, 20)));
}

TEST(Gather, DestroyedWhileItWaitsDestroysItsTasks) {
    const auto held = std::make_shared<int>(1);
    const auto keep = [](std::shared_ptr<int>) -> Task<void> { co_await sleep_for(1h); };
    Loop loop;
    Timer timer(loop);
    timer.at(Clock::now() + 1ms, [] { throw std::runtime_error("ends run()"); });
    EXPECT_THROW(run(loop, gather(keep(held), keep(held))), std::runtime_error);
    EXPECT_EQ(held.use_count(), 1);
}

TEST(Gather, NeedsALoop) {
    class Ignore final : public detail::Completion {
        std::coroutine_handle<> completed(detail::PromiseBase&) noexcept override {
            return std::noop_coroutine();
        }
    } ignore;
    Task<std::vector<int>> task = gather(std::vector<Task<int>>());
    task.start(ignore);
    EXPECT_THROW(task.result(), Error);
}

TEST(Gather, OfTenThousandTasks) {
    std::vector<Task<int>> tasks;
    for (int i = 0; i < 10'000; ++i) {
        tasks.push_back(after(1 + i % 7, i));
    }
    const std::vector<int> results = run_task(gather(std::move(tasks)));
    ASSERT_EQ(results.size(), 10'000U);
    EXPECT_EQ(results.back(), 9'999);
}

}  // namespace asyncbench::gather_tests
