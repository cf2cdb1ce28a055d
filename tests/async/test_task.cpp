#include "async/task.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "async/schedule.hpp"
#include "tests/async/expect_findings.hpp"
#include "tests/async/run_task.hpp"

namespace asyncbench::task_tests {

using testing::run_task;

Task<int> constant(int value) {
    co_return value;
}

Task<void> note(std::vector<std::string>& log, std::string text) {
    log.emplace_back(std::move(text));
    co_return;
}

TEST(Task, DoesNotStartUntilItIsAwaited) {
    std::vector<std::string> log;
    const auto outer = [](std::vector<std::string>& lines) -> Task<void> {
        Task<void> child = note(lines, "child");
        lines.emplace_back("before");
        co_await std::move(child);
        lines.emplace_back("after");
    };
    run_task(outer(log));
    EXPECT_EQ(log, (std::vector<std::string>{"before", "child", "after"}));
}

TEST(Task, ThatIsNeverAwaitedRunsNothingAndFreesItsArguments) {
    const ExpectFindings expected(Finding::Kind::never_awaited);
    std::vector<std::string> log;
    const auto held = std::make_shared<int>(1);
    const auto holding = [](std::vector<std::string>& lines, std::shared_ptr<int>) -> Task<void> {
        lines.emplace_back("ran");
        co_return;
    };
    {
        const Task<void> forgotten = holding(log, held);
        EXPECT_EQ(held.use_count(), 2);
    }
    EXPECT_EQ(held.use_count(), 1);
    EXPECT_TRUE(log.empty());
}

TEST(Task, GivesItsResult) {
    EXPECT_EQ(run_task(constant(7)), 7);
}

TEST(Task, GivesAMoveOnlyResult) {
    const auto make = []() -> Task<std::unique_ptr<int>> { co_return std::make_unique<int>(5); };
    const auto outer = [](auto maker) -> Task<std::unique_ptr<int>> {
        std::unique_ptr<int> value = co_await maker();
        ++*value;
        co_return value;
    };
    EXPECT_EQ(*run_task(outer(make)), 6);
}

TEST(Task, GivesAReferenceToTheVeryObject) {
    int object = 1;
    const auto refer = [](int& target) -> Task<int&> { co_return target; };
    const auto outer = [](auto referrer, int& target) -> Task<bool> {
        int& result = co_await referrer(target);
        result = 9;
        co_return &result == &target;
    };
    EXPECT_TRUE(run_task(outer(refer, object)));
    EXPECT_EQ(object, 9);
}

struct NoDefault {
    explicit NoDefault(int given) : value(given) {}
    int value;
};

TEST(Task, NeedsNoDefaultConstructorOfItsResult) {
    const auto make = []() -> Task<NoDefault> { co_return NoDefault(3); };
    EXPECT_EQ(run_task(make()).value, 3);
}

TEST(Task, ConvertsWhatItReturns) {
    const auto make = []() -> Task<std::string> { co_return "text"; };
    EXPECT_EQ(run_task(make()), "text");
}

Task<int> fail(const char* text) {
    throw std::runtime_error(text);
    co_return 0;
}

TEST(Task, HandsItsExceptionToTheOneThatAwaitsIt) {
    const auto outer = []() -> Task<std::string> {
        try {
            co_await fail("broken");
        } catch (const std::runtime_error& error) {
            co_return error.what();
        }
        co_return "no exception";
    };
    EXPECT_EQ(run_task(outer()), "broken");
}

TEST(Task, LetsAnExceptionPassThroughTasksThatDoNotCatchIt) {
    const auto middle = []() -> Task<int> { co_return co_await fail("deep") + 1; };
    const auto outer = [](auto inner) -> Task<int> { co_return co_await inner() + 1; };
    EXPECT_THROW(run_task(outer(middle)), std::runtime_error);
}

TEST(Task, ThatWasMovedFromIsEmptyAndSaysSoWhenAwaited) {
    const ExpectFindings expected(Finding::Kind::never_awaited);
    const auto outer = []() -> Task<std::string> {
        Task<int> first = constant(1);
        const Task<int> second = std::move(first);
        EXPECT_TRUE(second.valid());
        EXPECT_FALSE(first.valid());  // NOLINT(bugprone-use-after-move): the subject of this test
        try {
            co_await std::move(first);
        } catch (const Error& error) {
            co_return error.what();
        }
        co_return "";
    };
    EXPECT_NE(run_task(outer()).find("empty Task was awaited"), std::string::npos);
}

TEST(Task, IsEmptyAfterItWasAwaited) {
    const auto outer = []() -> Task<bool> {
        Task<int> child = constant(1);
        co_await std::move(child);
        co_return child.valid();  // NOLINT(bugprone-use-after-move): the subject of this test
    };
    EXPECT_FALSE(run_task(outer()));
}

TEST(Task, FreesItsFrameWhenTheAwaitEnds) {
    const auto held = std::make_shared<int>(1);
    const auto holding = [](std::shared_ptr<int> value) -> Task<int> { co_return *value; };
    const auto outer = [](auto holder, const std::shared_ptr<int>& value) -> Task<long> {
        Task<int> child = holder(value);
        co_await std::move(child);
        co_return value.use_count();
    };
    EXPECT_EQ(run_task(outer(holding, held)), 1);
}

TEST(Task, DestroyedWhileItWaitsDestroysItsLocalsAndThoseOfItsChildren) {
    const ExpectFindings expected(Finding::Kind::destroyed_pending);
    const auto held = std::make_shared<int>(1);
    bool went_on = false;
    const auto child = [](std::shared_ptr<int>, Loop& loop, bool& flag) -> Task<void> {
        co_await resume_on(loop);
        flag = true;
    };
    const auto parent = [](auto waits, std::shared_ptr<int> value, Loop& loop, bool& flag) -> Task<void> {
        co_await waits(value, loop, flag);
        flag = true;
    };
    class Ignore final : public detail::Completion {
        std::coroutine_handle<> completed(detail::PromiseBase&) noexcept override {
            return std::noop_coroutine();
        }
    } ignore;

    Loop loop;
    loop.post([&] {
        Task<void> task = parent(child, held, loop, went_on);
        task.start(ignore);
        EXPECT_EQ(held.use_count(), 3);
        loop.post([&loop] { loop.stop(); });
    });
    loop.run();
    EXPECT_EQ(held.use_count(), 1);
    EXPECT_FALSE(went_on);
}

Task<int> hop_and_count(Loop& loop, int value) {
    co_await resume_on(loop);
    co_return value;
}

TEST(Task, AwaitsAHundredThousandChildrenThatSuspendOnABoundedStackInEveryBuild) {
    Loop loop;
    const auto outer = [](Loop& on, int count) -> Task<int> {
        int sum = 0;
        for (int i = 0; i < count; ++i) {
            sum += co_await hop_and_count(on, 1);
        }
        co_return sum;
    };
    EXPECT_EQ(run(loop, outer(loop, 100'000)), 100'000);
}

Task<int> depth(int levels) {
    if (levels == 0) {
        co_return 0;
    }
    co_return 1 + co_await depth(levels - 1);
}

TEST(Task, NestsDeeply) {
    EXPECT_EQ(run_task(depth(1'000)), 1'000);
}

// An awaitable that is no part of this project, with a free operator co_await.
struct Doubled {
    int value;
};
struct DoubledAwaiter {
    int value;
    static bool await_ready() noexcept { return true; }
    static void await_suspend(std::coroutine_handle<>) noexcept {}
    int await_resume() const noexcept { return 2 * value; }
};
DoubledAwaiter operator co_await(const Doubled& doubled) {
    return {doubled.value};
}

TEST(Task, AwaitsForeignAwaitables) {
    const auto outer = []() -> Task<int> {
        const Doubled free_operator{21};
        co_await std::suspend_never();
        co_return co_await free_operator;
    };
    EXPECT_EQ(run_task(outer()), 42);
}

TEST(Task, KnowsWhatCanBeAwaited) {
    static_assert(Awaitable<Task<int>>);
    static_assert(Awaitable<ResumeOn>);
    static_assert(Awaitable<const Doubled&>);
    static_assert(Awaitable<std::suspend_always>);
    static_assert(!Awaitable<int>);
    static_assert(!Awaitable<std::string&>);
    static_assert(!std::is_copy_constructible_v<Task<int>>);
    static_assert(std::is_nothrow_move_constructible_v<Task<int>>);
}

}  // namespace asyncbench::task_tests
