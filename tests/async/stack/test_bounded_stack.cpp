// Chains of tasks that go on in each other, each on a stack that does not grow with the chain. Compiled at
// every level of optimisation and under AddressSanitizer: g++ makes the transfer between coroutines a jump at
// -O2 alone.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <coroutine>
#include <cstdint>
#include <exception>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "async/async_to_sync.hpp"
#include "async/context.hpp"
#include "async/create_task.hpp"
#include "async/detect/task_faults.hpp"
#include "async/gather.hpp"
#include "async/now_task.hpp"
#include "async/observe.hpp"
#include "async/run.hpp"
#include "async/schedule.hpp"
#include "async/semaphore.hpp"
#include "async/shield.hpp"
#include "async/stack_floor.hpp"
#include "async/sync_to_async.hpp"
#include "async/task.hpp"
#include "async/task_group.hpp"
#include "async/timeout.hpp"

namespace asyncbench::bounded_stack_tests {

using namespace std::chrono_literals;

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr int many = 10'000;  // each of which costs as much as ten others
#else
constexpr int many = 100'000;
#endif

// Some times what a chain may use, and a fraction of what this many awaits use where each leaves frames.
constexpr std::uintptr_t allowed_stack_bytes = 512 * 1024;

class BoundedStack : public ::testing::Test {
  protected:
    void SetUp() override {
        ++test_;
        used_ = 0;
    }
    void TearDown() override { EXPECT_LT(used_, allowed_stack_bytes); }

    /// Notes how deep the stack of this thread is here, compared with where else the test looked at it.
    static void look() {
        static thread_local int test = 0;
        static thread_local std::uintptr_t deepest;
        static thread_local std::uintptr_t highest;
        const std::uintptr_t here = detail::stack_pointer();
        if (std::exchange(test, test_) != test_) {
            deepest = highest = here;
        }
        deepest = std::min(deepest, here);
        highest = std::max(highest, here);
        std::uintptr_t used = used_;
        while (used < highest - deepest && !used_.compare_exchange_weak(used, highest - deepest)) {
        }
    }

    static Task<int> one() {
        look();
        co_return 1;
    }
    static Task<void> nothing() {
        look();
        co_return;
    }
    static Task<int> fail() {
        look();
        throw std::runtime_error("at once");
        co_return 0;
    }
    /// What awaits itself `levels` deep, waits there once, and ends level by level.
    static Task<int> descend(int levels) {
        look();
        if (levels == 0) {
            co_await resume_on(*Loop::current());
            co_return 0;
        }
        const int below = co_await descend(levels - 1);
        look();
        co_return below + 1;
    }
    static Task<int> sum_of_ones(int count) {
        int sum = 0;
        for (int i = 0; i < count; ++i) {
            sum += co_await one();
        }
        co_return sum;
    }

  private:
    static inline std::atomic<int> test_ = 0;
    static inline std::atomic<std::uintptr_t> used_ = 0;
};

TEST_F(BoundedStack, HoldsAwaitsOfTasksThatEndAtOnce) {
    EXPECT_EQ(run(sum_of_ones(many)), many);
}

TEST_F(BoundedStack, HoldsAwaitsOfTasksThatThrowAtOnce) {
    const auto outer = []() -> Task<int> {
        int caught = 0;
        for (int i = 0; i < many / 10; ++i) {
            try {
                co_await fail();
            } catch (const std::runtime_error&) {
                ++caught;
            }
        }
        co_return caught;
    };
    EXPECT_EQ(run(outer()), many / 10);
}

NowTask<int> one_now(Task<int> task) {
    co_return co_await std::move(task);
}

TEST_F(BoundedStack, HoldsAwaitsOfNowTasks) {
    const auto outer = []() -> Task<int> {
        int sum = 0;
        for (int i = 0; i < many; ++i) {
            sum += co_await one_now(one());
        }
        co_return sum;
    };
    EXPECT_EQ(run(outer()), many);
}

TEST_F(BoundedStack, HoldsEveryWayToWaitForWhatHasEnded) {
    const auto outer = []() -> Task<int> {
        int sum = 0;
        Semaphore semaphore(1);
        for (int i = 0; i < many / 10; ++i) {
            const Semaphore::Permit permit = co_await semaphore.acquire();
            co_await gather(std::vector<Task<void>>());
            const auto [first, second] = co_await gather(one(), one());
            TaskGroup group;
            group.spawn(nothing());
            co_await group.join();
            RunningTask<int> running = create_task(one());
            sum += first + second + co_await std::move(running);
            sum += co_await with_timeout(one(), 1h);
            sum += co_await shield(one());
        }
        co_return sum;
    };
    EXPECT_EQ(run(outer()), 5 * (many / 10));
}

TEST_F(BoundedStack, HoldsADeepChainThatStartsAndEndsLevelByLevel) {
    EXPECT_EQ(run(descend(many)), many);
}

TEST_F(BoundedStack, HoldsAnExceptionThatPassesADeepChain) {
    struct Chain {
        static Task<int> descend_and_throw(int levels) {
            look();
            if (levels == 0) {
                co_await resume_on(*Loop::current());
                throw std::runtime_error("from below");
            }
            co_return co_await descend_and_throw(levels - 1);
        }
    };
    EXPECT_THROW(run(Chain::descend_and_throw(many / 10)), std::runtime_error);
}

// Each task waits for the one before it, so that the end of the first ends them all, one in the other.
TEST_F(BoundedStack, HoldsRunningTasksThatEndEachOther) {
    const auto after = [](RunningTask<int> before) -> Task<int> {
        const int ended = co_await std::move(before);
        look();
        co_return ended + 1;
    };
    const auto outer = [](auto wait_for) -> Task<int> {
        RunningTask<int> last = create_task(descend(0));
        for (int i = 0; i < many; ++i) {
            last = create_task(wait_for(std::move(last)));
        }
        co_return co_await std::move(last);
    };
    EXPECT_EQ(run(outer(after)), many);
}

TEST_F(BoundedStack, HoldsGroupsAndGathersThatEndEachOther) {
    struct Chain {
        static Task<void> level(int levels, int& ended) {
            co_await resume_on(*Loop::current());
            if (levels > 0 && levels % 2 == 0) {
                TaskGroup group;
                group.spawn(level(levels - 1, ended));
                co_await group.join();
            } else if (levels > 0) {
                co_await gather(level(levels - 1, ended), nothing());
            }
            look();
            ++ended;
        }
    };
    int ended = 0;
    run(Chain::level(many, ended));
    EXPECT_EQ(ended, many + 1);
}

TEST_F(BoundedStack, HoldsTasksThatBridgesAwait) {
    const auto outer = []() -> Task<int> {
        auto back = sync_to_async([] { return async_to_sync(sum_of_ones)(many); });
        auto again = sync_to_async([] { return async_to_sync(sum_of_ones, new_loop)(many); });
        co_return co_await back() + co_await again();
    };
    EXPECT_EQ(run(outer()), 2 * many);
}

class CountEnds final : public detail::Completion {
  public:
    int ended = 0;
    std::coroutine_handle<> completed(detail::PromiseBase&) noexcept override {
        ++ended;
        return std::noop_coroutine();
    }
};

TEST_F(BoundedStack, HoldsTasksOnAThreadWithoutALoop) {
    CountEnds count;
    std::thread([&count] {
        Task<int> task = sum_of_ones(many);
        task.start(count);
        EXPECT_EQ(task.result(), many);
    }).join();
    EXPECT_EQ(count.ended, 1);
}

// As a function that blocks may do, below tasks that nobody runs on a loop.
TEST_F(BoundedStack, HoldsALoopThatIsRunInsideATask) {
    const auto hop_and_sum = []() -> Task<int> {
        co_await resume_on(*Loop::current());
        co_return co_await sum_of_ones(1'000);
    };
    const auto run_one = [](auto sums) -> Task<int> { co_return run(sums()); };
    const auto outer = [](auto runs, auto sums) -> Task<int> {
        int sum = 0;
        for (int i = 0; i < 1'000; ++i) {
            sum += co_await runs(sums);
        }
        co_return sum;
    };
    CountEnds count;
    std::thread([&] {
        Task<int> task = outer(run_one, hop_and_sum);
        task.start(count);
        EXPECT_EQ(task.result(), 1'000'000);
    }).join();
    EXPECT_EQ(count.ended, 1);
}

// What starts a task relies on its first step being over; also inside a chain that has used up its stack.
TEST_F(BoundedStack, LetsATaskRunUpToItsFirstWaitBeforeStartReturns) {
    const auto count_up = [](int& steps) -> Task<void> {
        for (int i = 0; i < 1'000; ++i) {
            steps += co_await one();
        }
    };
    const auto spawn_one = [](auto counts) -> Task<int> {
        int steps = 0;
        TaskGroup group;
        group.spawn(counts(steps));
        const int steps_when_spawned = steps;
        co_await group.join();
        co_return steps_when_spawned;
    };
    const auto outer = [](auto spawns, auto counts) -> Task<int> {
        int sum = 0;
        for (int i = 0; i < 1'000; ++i) {
            sum += co_await spawns(counts);
        }
        co_return sum;
    };
    EXPECT_EQ(run(outer(spawn_one, count_up)), 1'000'000);
}

TEST_F(BoundedStack, KeepsTheOrderOfHandlersAndTheContextOfEachTask) {
    static ContextVar<int> value("value", 0);
    const auto read = [](int expected) -> Task<bool> {
        look();
        co_return value.get() == expected;
    };
    const auto outer = [](auto reads, int own, std::vector<int>& order) -> Task<bool> {
        co_await resume_on(*Loop::current());
        value.set(own);
        bool right = true;
        for (int i = 0; i < 10'000; ++i) {
            right = co_await reads(own) && right;
        }
        order.push_back(own);  // all of it in one step
        co_await resume_on(*Loop::current());
        order.push_back(own);
        co_return right&& value.get() == own;
    };
    const auto both = [](auto outers, auto reads, std::vector<int>& order) -> Task<bool> {
        const auto [first, second] = co_await gather(outers(reads, 1, order), outers(reads, 2, order));
        co_return first&& second;
    };
    std::vector<int> order;
    EXPECT_TRUE(run(both(outer, read, order)));
    EXPECT_EQ(order, (std::vector<int>{1, 2, 1, 2}));
}

TEST_F(BoundedStack, TellsAnObserverOfEachStepOfALongChain) {
    struct Nesting final : TaskObserver {
        std::vector<const void*> running;
        int begun = 0;
        int wrong = 0;
        void resumed(const TaskInfo& task) noexcept override {
            ++begun;
            running.push_back(task.id);
        }
        void suspended(const TaskInfo& task) noexcept override { leave(task); }
        void finished(const TaskInfo& task, const std::exception_ptr&) noexcept override { leave(task); }
        void leave(const TaskInfo& task) noexcept {
            wrong += running.empty() || running.back() != task.id ? 1 : 0;
            if (!running.empty()) {
                running.pop_back();
            }
        }
    } nesting;
    {
        const ObserveTasks observe(nesting);
        EXPECT_EQ(run(sum_of_ones(10'000)), 10'000);
    }
    EXPECT_EQ(nesting.begun, 1 + 2 * 10'000);
    EXPECT_EQ(nesting.wrong, 0);
    EXPECT_TRUE(nesting.running.empty());
}

// A coroutine type of another library.
struct Foreign {
    struct promise_type {
        static Foreign get_return_object() { return {}; }
        static std::suspend_never initial_suspend() noexcept { return {}; }
        static std::suspend_never final_suspend() noexcept { return {}; }
        static void return_void() {}
        static void unhandled_exception() { throw; }
    };
};

TEST_F(BoundedStack, HoldsTasksThatAnotherLibrarysCoroutineAwaits) {
    int sum = 0;
    const auto foreign = [](int& total) -> Foreign {
        for (int i = 0; i < many; ++i) {
            total += co_await one();
        }
    };
    foreign(sum);
    EXPECT_EQ(sum, many);
}

// As an event of a user: goes on where it is set, inside the step of another task.
class Event {
  public:
    void set() { std::exchange(waiting_, nullptr).resume(); }
    static bool await_ready() noexcept { return false; }
    void await_suspend(std::coroutine_handle<> waiting) noexcept { waiting_ = waiting; }
    static void await_resume() noexcept {}

  private:
    std::coroutine_handle<> waiting_;
};

Task<void> wait_then_await(Event& event, Task<int> task, int& sum) {
    co_await event;
    sum += co_await std::move(task);
}

TEST_F(BoundedStack, HoldsTasksThatAreResumedInsideAnother) {
    const auto step = [](Task<int> task, int& sum) -> Task<void> {
        Event event;
        TaskGroup group;
        group.spawn(wait_then_await(event, std::move(task), sum));
        event.set();
        co_await group.join();
    };
    const auto outer = [](auto steps) -> Task<int> {
        int sum = 0;
        for (int i = 0; i < many / 10; ++i) {
            co_await steps(one(), sum);
        }
        co_await steps(sum_of_ones(many), sum);
        co_return sum;
    };
    EXPECT_EQ(run(outer(step)), many / 10 + many);
}

TEST_F(BoundedStack, ForgetsATaskThatIsDestroyedBeforeItGoesOn) {
    const auto destroy_resumed = []() -> Task<void> {
        look();
        Event event;
        int sum = 0;
        auto group = std::make_unique<TaskGroup>();
        group->spawn(wait_then_await(event, sum_of_ones(1'000), sum));
        event.set();
        group->cancel();
        group.reset();  // while its task may be one that has yet to go on
        co_return;
    };
    const auto outer = [](auto steps) -> Task<void> {
        for (int i = 0; i < 1'000; ++i) {
            co_await steps();
        }
    };
    report_task_faults(false);
    run(outer(destroy_resumed));
    report_task_faults(true);
}

}  // namespace asyncbench::bounded_stack_tests
