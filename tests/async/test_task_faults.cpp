#include "async/detect/task_faults.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "async/detect/blocking_calls.hpp"
#include "async/detect/collected_findings.hpp"
#include "async/gather.hpp"
#include "async/loop.hpp"
#include "async/run.hpp"
#include "async/schedule.hpp"
#include "async/sleep.hpp"
#include "async/task.hpp"
#include "async/task_group.hpp"
#include "async/thread_pool.hpp"
#include "async/timeout.hpp"
#include "tests/async/run_task.hpp"

namespace asyncbench::task_faults_tests {

using ::testing::HasSubstr;
using testing::run_task;
using Kind = Finding::Kind;

Task<int> answer(Site /*site*/ = Site::here()) {
    co_return 42;
}

Task<void> fail(const char* text, Site /*site*/ = Site::here()) {
    throw std::runtime_error(text);
    co_return;
}

Task<void> wait_long(Site /*site*/ = Site::here()) {
    co_await sleep_for(std::chrono::hours(1));
}

Task<void> hold(Task<int> held) {
    co_await sleep_for(std::chrono::hours(1));
    co_await std::move(held);
}

std::string here(int line) {
    return std::string(__FILE__) + ":" + std::to_string(line);
}

/// The only finding, which must be of `kind`.
Finding only(const CollectedFindings& findings, Kind kind) {
    const std::vector<Finding> all = findings.all();
    EXPECT_EQ(all.size(), 1U);
    if (all.empty()) {
        return {};
    }
    EXPECT_EQ(name_of(all[0].kind), name_of(kind)) << all[0].message;
    return all[0];
}

// Started for nobody's sake, as a library's own code might do.
struct Nobody final : detail::Completion {
    std::coroutine_handle<> completed(detail::PromiseBase&) noexcept override {
        return std::noop_coroutine();
    }
};

// --- never awaited ---

TEST(TaskFaults, NameATaskThatWasNeverAwaitedAndTheLineThatCreatedIt) {
    const CollectedFindings findings;
    int line = 0;
    {
        line = __LINE__ + 1;
        const Task<int> forgotten = answer();
    }
    const Finding finding = only(findings, Kind::never_awaited);
    EXPECT_THAT(finding.coroutine, HasSubstr("answer"));
    EXPECT_EQ(finding.created, here(line));
    EXPECT_THAT(finding.message, HasSubstr("answer` (created at " + here(line) + ") was never awaited"));
    EXPECT_THAT(finding.message, HasSubstr("co_await it"));
}

TEST(TaskFaults, ReportAForgottenAwaitInsideACoroutine) {
    const CollectedFindings findings;
    run_task([]() -> Task<void> {
        const Task<int> forgotten = answer();
        co_return;
    }());
    only(findings, Kind::never_awaited);
}

TEST(TaskFaults, ReportTheOutermostOfTheTasksThatEndTogether) {
    const CollectedFindings findings;
    {
        std::vector<Task<int>> tasks;
        tasks.push_back(answer());
        tasks.push_back(answer());
        const auto forgotten = gather(std::move(tasks));
    }
    EXPECT_THAT(only(findings, Kind::never_awaited).coroutine, HasSubstr("gather"));
}

TEST(TaskFaults, AreSilentAboutTasksThatAnExceptionMakesUseless) {
    const CollectedFindings findings;
    const auto fails_first = []() -> Task<void> {
        const Task<int> useless = answer();
        throw std::runtime_error("before the await");
        co_return;
    };
    EXPECT_THROW(run_task(fails_first()), std::runtime_error);
    EXPECT_THROW(run_task(gather(fails_first(), wait_long())), std::runtime_error);
    const auto in_a_group = [&]() -> Task<void> {
        TaskGroup group;
        group.spawn(fails_first());
        co_await group.join();
    };
    EXPECT_THROW(run_task(in_a_group()), std::runtime_error);
    EXPECT_TRUE(findings.all().empty());
}

TEST(TaskFaults, AreSilentAboutTasksThatAreDiscarded) {
    const CollectedFindings findings;
    answer().discard();
    Task<int> kept = answer();
    std::move(kept).discard();
    EXPECT_FALSE(kept.valid());
    Task<int>().discard();
    EXPECT_TRUE(findings.all().empty());
}

TEST(TaskFaults, CanBeTurnedOff) {
    const CollectedFindings findings;
    report_task_faults(false);
    {
        const Task<int> forgotten = answer();
    }
    report_task_faults(true);
    EXPECT_TRUE(findings.all().empty());
    {
        const Task<int> forgotten = answer();
    }
    EXPECT_EQ(findings.count(Kind::never_awaited), 1U);
}

// --- destroyed while pending ---

TEST(TaskFaults, NameATaskThatIsDestroyedWhileItWaits) {
    const CollectedFindings findings;
    int line = 0;
    run_task([](int& created) -> Task<void> {
        Nobody nobody;
        created = __LINE__ + 1;
        Task<void> lost = wait_long();
        lost.start(nobody);
        co_return;
    }(line));
    const Finding finding = only(findings, Kind::destroyed_pending);
    EXPECT_EQ(finding.created, here(line));
    EXPECT_THAT(finding.message, HasSubstr("was destroyed but it is pending"));
}

TEST(TaskFaults, ReportTasksThatWaitWhenTheirLoopEnds) {
    const CollectedFindings findings;
    {
        Loop loop;
        // Left running by a gather, and owned by the loop since.
        Nobody nobody;
        const auto gathers = []() -> Task<void> {
            try {
                co_await gather(fail("first"), wait_long());
            } catch (const std::runtime_error&) {
                Loop::current()->stop();
            }
        };
        auto task = gathers();
        loop.post([&] { task.start(nobody); });
        loop.run();
        EXPECT_TRUE(findings.all().empty());
    }
    EXPECT_THAT(only(findings, Kind::destroyed_pending).coroutine, HasSubstr("wait_long"));
}

TEST(TaskFaults, ReportTheTasksOfAGroupThatEndsWithoutJoin) {
    const CollectedFindings findings;
    run_task([]() -> Task<void> {
        TaskGroup group;
        group.spawn(wait_long());
        group.spawn(wait_long());
        co_return;
    }());
    EXPECT_EQ(findings.count(Kind::destroyed_pending), 2U);
    EXPECT_EQ(findings.all().size(), 2U);
}

TEST(TaskFaults, AreSilentAboutAGroupWhoseOwnerFailsIsDestroyedOrCancelsIt) {
    const CollectedFindings findings;
    const auto fails = []() -> Task<void> {
        TaskGroup group;
        group.spawn(wait_long());
        throw std::runtime_error("before join()");
        co_return;
    };
    EXPECT_THROW(run_task(fails()), std::runtime_error);
    const auto cancels = []() -> Task<void> {
        TaskGroup group;
        group.spawn(wait_long());
        group.cancel();
        co_return;
    };
    run_task(cancels());
    const auto waits = []() -> Task<void> {
        TaskGroup group;
        group.spawn(wait_long());
        co_await group.join();
    };
    run_task([](auto owner) -> Task<void> {
        Nobody nobody;
        Task<void> task = owner();
        task.start(nobody);
        std::move(task).discard();
        co_return;
    }(waits));
    EXPECT_TRUE(findings.all().empty());
}

TEST(TaskFaults, AreSilentAboutWhatTimeoutsAndGathersCancel) {
    const CollectedFindings findings;
    EXPECT_THROW(run_task(with_timeout(wait_long(), std::chrono::milliseconds(1))), TimeoutError);
    EXPECT_THROW(run_task(gather(fail("first"), wait_long(), hold(answer()))), std::runtime_error);
    EXPECT_THROW(run_task(with_timeout(gather(wait_long(), wait_long()), std::chrono::milliseconds(1))),
                 TimeoutError);
    EXPECT_TRUE(findings.all().empty());
}

TEST(TaskFaults, AreSilentAboutATaskWhoseLoopIsStoppedBeforeItsEnd) {
    const CollectedFindings findings;
    Loop loop;
    loop.post([&] { loop.stop(); });
    EXPECT_THROW(run(loop, wait_long()), Error);
    EXPECT_TRUE(findings.all().empty());
}

// --- lost exceptions ---

TEST(TaskFaults, NameAnExceptionThatNobodyTook) {
    const CollectedFindings findings;
    {
        Nobody nobody;
        Task<void> detached = fail("the disk is full");
        detached.start(nobody);
    }
    const Finding finding = only(findings, Kind::lost_exception);
    EXPECT_THAT(finding.message, HasSubstr("the disk is full"));
    EXPECT_THAT(finding.coroutine, HasSubstr("fail"));
}

TEST(TaskFaults, CountAnExceptionAsTakenOnceItWasThrownOrAskedFor) {
    const CollectedFindings findings;
    {
        Nobody nobody;
        Task<void> thrown = fail("thrown");
        thrown.start(nobody);
        EXPECT_THROW(thrown.result(), std::runtime_error);
        Task<void> asked = fail("asked for");
        asked.start(nobody);
        EXPECT_NE(asked.error(), nullptr);
    }
    EXPECT_THROW(run_task(fail("awaited")), std::runtime_error);
    EXPECT_TRUE(findings.all().empty());
}

TEST(TaskFaults, CountTheExceptionsThatGatherAndTaskGroupDropAsTaken) {
    const CollectedFindings findings;
    EXPECT_THROW(run_task(gather(fail("first"), fail("second"))), std::runtime_error);
    EXPECT_THROW(run_task([]() -> Task<void> {
                     TaskGroup group;
                     group.spawn(fail("first"));
                     group.spawn(fail("second"));
                     co_await group.join();
                 }()),
                 std::runtime_error);
    EXPECT_TRUE(findings.all().empty());
}

TEST(TaskFaults, ReportTheExceptionOfAGroupThatIsNeverJoined) {
    const CollectedFindings findings;
    run_task([]() -> Task<void> {
        TaskGroup group;
        group.spawn(fail("into the void"));
        co_return;
    }());
    const Finding finding = only(findings, Kind::lost_exception);
    EXPECT_THAT(finding.message, HasSubstr("without join()"));
    EXPECT_THAT(finding.coroutine, HasSubstr("fail"));
}

TEST(TaskFaults, DoNotTakeACancellationForALostException) {
    const CollectedFindings findings;
    {
        Nobody nobody;
        const auto is_cancelled = []() -> Task<void> {
            throw CancelledError();
            co_return;
        };
        Task<void> task = is_cancelled();
        task.start(nobody);
    }
    EXPECT_TRUE(findings.all().empty());
}

// --- wrong loop ---

/// Hands the coroutine to whoever takes it.
struct HandOut {
    std::coroutine_handle<>& handle;
    static bool await_ready() { return false; }
    void await_suspend(std::coroutine_handle<> awaiting) const { handle = awaiting; }
    static void await_resume() {}
};

struct HandOutOnPurpose : HandOut {
    static constexpr bool resumes_elsewhere = true;
};

template <class Awaiter>
Task<void> wait_for(std::coroutine_handle<>& handle) {
    Awaiter awaiter{handle};
    co_await awaiter;
    Loop::current() != nullptr ? Loop::current()->stop() : void();
}

template <class Awaiter>
void resume_on_another_loop() {
    std::coroutine_handle<> handle;
    Task<void> task = wait_for<Awaiter>(handle);
    Nobody nobody;
    Loop first;
    first.post([&] {
        task.start(nobody);
        first.stop();
    });
    first.run();
    Loop second;
    second.post(handle);
    second.run();
    EXPECT_TRUE(task.done());
}

TEST(TaskFaults, NameATaskThatIsResumedOnAnotherLoopThanItWaitedOn) {
    const CollectedFindings findings;
    resume_on_another_loop<HandOut>();
    const Finding finding = only(findings, Kind::wrong_loop);
    EXPECT_THAT(finding.message, HasSubstr("was resumed on another loop"));
    EXPECT_THAT(finding.coroutine, HasSubstr("wait_for"));
}

TEST(TaskFaults, NameATaskThatIsResumedOnAThreadWithoutALoop) {
    const CollectedFindings findings;
    Loop loop;
    Nobody nobody;
    std::coroutine_handle<> handle;
    Task<void> task = wait_for<HandOut>(handle);
    loop.post([&] {
        task.start(nobody);
        const AllowBlocking joining;
        std::thread([&] { handle.resume(); }).join();
        loop.stop();
    });
    loop.run();
    EXPECT_THAT(only(findings, Kind::wrong_loop).message, HasSubstr("a thread that runs no loop"));
}

TEST(TaskFaults, AreSilentAboutHopsThatDeclareThemselves) {
    const CollectedFindings findings;
    resume_on_another_loop<HandOutOnPurpose>();

    Loop home;  // outlives the other thread, which may still be on its way out of post() when run() returns
    Loop other;
    std::thread thread([&] { other.run(); });
    const auto hops = [](Loop& from, Loop& there) -> Task<void> {
        co_await resume_on(there);
        EXPECT_TRUE(there.is_loop_thread());
        co_await resume_on(from);
    };
    run(home, hops(home, other));
    other.stop();
    thread.join();
    EXPECT_TRUE(findings.all().empty());
}

// --- waiting for oneself ---

TEST(TaskFaults, NameATaskThatRunsALoopOnTheLoop) {
    const CollectedFindings findings;
    const auto blocks_itself = []() -> Task<void> {
        Loop inner;
        EXPECT_THROW(inner.run(), Error);
        co_return;
    };
    run_task(blocks_itself());
    const Finding finding = only(findings, Kind::waits_for_own_loop);
    EXPECT_THAT(finding.message, HasSubstr("Loop::run() was called on a thread that runs a loop already"));
    EXPECT_THAT(finding.message, HasSubstr("NameATaskThatRunsALoopOnTheLoop"));
}

TEST(TaskFaults, NameAJobThatWaitsForItsOwnPool) {
    const CollectedFindings findings;
    ThreadPool pool(1);
    pool.submit([&] { pool.wait(); });
    EXPECT_THROW(pool.wait(), Error);
    EXPECT_THAT(only(findings, Kind::waits_for_own_loop).message, HasSubstr("from a job of that pool"));
}

// --- the task that runs ---

TEST(CurrentTask, IsTheOneWhoseStepRuns) {
    const auto name = [] {
        return detail::current_task == nullptr ? std::string()
                                               : std::to_string(detail::current_task->info().where.line());
    };
    std::vector<std::string> seen;
    const auto child = [&](Site /*site*/ = Site::here()) -> Task<void> {
        seen.push_back(name());
        co_await resume_on(*Loop::current());
        seen.push_back(name());
    };
    int awaited = 0;
    int spawned = 0;
    const auto parent = [&](Site /*site*/ = Site::here()) -> Task<void> {
        seen.push_back(name());
        awaited = __LINE__ + 1;
        co_await child();
        seen.push_back(name());
        TaskGroup group;
        spawned = __LINE__ + 1;
        group.spawn(child());
        seen.push_back(name());
        co_await group.join();
        seen.push_back(name());
    };
    const int line = __LINE__ + 1;
    run_task(parent());
    const std::string own = std::to_string(line);
    const std::string first = std::to_string(awaited);
    const std::string second = std::to_string(spawned);
    EXPECT_EQ(seen, (std::vector{own, first, first, own, second, own, second, own}));
    EXPECT_EQ(detail::current_task, nullptr);
}

}  // namespace asyncbench::task_faults_tests
