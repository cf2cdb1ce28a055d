#include "async/observe.hpp"

#include <gtest/gtest.h>

#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "async/gather.hpp"
#include "async/run.hpp"
#include "async/schedule.hpp"
#include "async/sleep.hpp"
#include "async/task_group.hpp"
#include "tests/async/expect_findings.hpp"

namespace asyncbench::observe_tests {

/// Writes down what it sees, with a letter for each task in the order they were created: `+a` created, `>a`
/// resumed, `<a` suspended, `.a` finished, `!a` failed, `-a` destroyed (`?a` unstarted, `~a` pending).
class Diary final : public TaskObserver {
  public:
    void created(const TaskInfo& task) noexcept override {
        names_[task.id] = next_++;
        sites.push_back(task);
        note('+', task);
    }
    void resumed(const TaskInfo& task) noexcept override { note('>', task); }
    void suspended(const TaskInfo& task) noexcept override { note('<', task); }
    void finished(const TaskInfo& task, const std::exception_ptr& error) noexcept override {
        note(error == nullptr ? '.' : '!', task);
    }
    void destroyed(const TaskInfo& task, TaskEnd end) noexcept override {
        note(end == TaskEnd::finished ? '-' : end == TaskEnd::unstarted ? '?' : '~', task);
    }

    char name_of(const void* id) const { return id == nullptr ? ' ' : names_.at(id); }

    std::string text;
    std::vector<TaskInfo> sites;
    std::map<char, char> parents;

  private:
    void note(char event, const TaskInfo& task) {
        if (!text.empty()) {
            text += ' ';
        }
        text += event;
        text += names_.at(task.id);
        if (task.parent != nullptr) {
            parents[names_.at(task.id)] = names_.at(task.parent);
        }
    }
    std::map<const void*, char> names_;
    char next_ = 'a';
};

Task<int> leaf(int value, Site /*site*/ = Site::here()) {
    co_return value;
}

Task<int> hopping_leaf(int value) {
    co_await resume_on(*Loop::current());
    co_return value;
}

TEST(TaskObserver, SeesTheStepsOfATaskAndItsChild) {
    Diary diary;
    const auto parent = []() -> Task<int> { co_return co_await leaf(1); };
    Loop loop;
    {
        const ObserveTasks observing(diary);
        run(loop, parent());
    }
    EXPECT_EQ(diary.text, "+a >a +b <a >b .b >a -b .a -a");
    EXPECT_EQ(diary.parents, (std::map<char, char>{{'b', 'a'}}));
}

TEST(TaskObserver, SeesAStepBetweenEachTwoWaits) {
    Diary diary;
    Loop loop;
    {
        const ObserveTasks observing(diary);
        run(loop, hopping_leaf(1));
    }
    EXPECT_EQ(diary.text, "+a >a <a >a .a -a");
}

TEST(TaskObserver, SeesNoStepEndWhereAnAwaitDoesNotSuspend) {
    Diary diary;
    const auto immediate = []() -> Task<void> {
        co_await std::suspend_never();
        co_await sleep_until(*Loop::current(), TimePoint());
    };
    Loop loop;
    {
        const ObserveTasks observing(diary);
        run(loop, immediate());
    }
    EXPECT_EQ(diary.text, "+a >a .a -a");
}

TEST(TaskObserver, SeesExceptions) {
    Diary diary;
    const auto fail = []() -> Task<void> {
        throw std::runtime_error("broken");
        co_return;
    };
    Loop loop;
    {
        const ObserveTasks observing(diary);
        EXPECT_THROW(run(loop, fail()), std::runtime_error);
    }
    EXPECT_EQ(diary.text, "+a >a !a -a");
}

TEST(TaskObserver, SeesATaskThatNobodyAwaited) {
    const ExpectFindings expected(Finding::Kind::never_awaited);
    Diary diary;
    {
        const ObserveTasks observing(diary);
        const Task<int> forgotten = leaf(1);
    }
    EXPECT_EQ(diary.text, "+a ?a");
}

TEST(TaskObserver, SeesATaskThatIsDestroyedWhileItWaits) {
    const ExpectFindings expected(Finding::Kind::destroyed_pending);
    Diary diary;
    const auto owner = []() -> Task<void> {
        TaskGroup group;
        const auto wait = []() -> Task<void> { co_await sleep_for(std::chrono::hours(1)); };
        group.spawn(wait());
        co_return;
    };
    Loop loop;
    {
        const ObserveTasks observing(diary);
        run(loop, owner());
    }
    EXPECT_EQ(diary.text, "+a >a +b >b <b ~b .a -a");
}

TEST(TaskObserver, SeesThatTasksOfAGatherAreItsChildren) {
    Diary diary;
    Loop loop;
    {
        const ObserveTasks observing(diary);
        run(loop, gather(hopping_leaf(1), leaf(2)));
    }
    // Arguments are created in an order of the compiler's choice; the gather comes after them.
    EXPECT_EQ(diary.parents, (std::map<char, char>{{'a', 'c'}, {'b', 'c'}}));
    EXPECT_EQ(diary.text.substr(0, 8), "+a +b +c");
    EXPECT_EQ(diary.text.substr(diary.text.find(">c"), 5), ">c <c");
}

TEST(TaskObserver, LearnsTheCallThatCreatedATask) {
    const ExpectFindings expected(Finding::Kind::never_awaited);
    Diary diary;
    {
        const ObserveTasks observing(diary);
        const unsigned line = __LINE__ + 1;
        const Task<int> task = leaf(1);
        ASSERT_EQ(diary.sites.size(), 1U);
        EXPECT_TRUE(diary.sites[0].at_call);
        EXPECT_EQ(diary.sites[0].where.line(), line);
        EXPECT_NE(std::string_view(diary.sites[0].where.file_name()).find("test_observe.cpp"),
                  std::string_view::npos);
    }
}

TEST(TaskObserver, LearnsTheCoroutineOfATaskWithoutASite) {
    const ExpectFindings expected(Finding::Kind::never_awaited);
    Diary diary;
    {
        const ObserveTasks observing(diary);
        const Task<int> task = hopping_leaf(1);
        ASSERT_EQ(diary.sites.size(), 1U);
        EXPECT_FALSE(diary.sites[0].at_call);
        EXPECT_NE(std::string_view(diary.sites[0].where.function_name()).find("hopping_leaf"),
                  std::string_view::npos);
    }
}

TEST(TaskObserver, OfAnOuterScopeComesBackAfterAnInnerOne) {
    const ExpectFindings expected(Finding::Kind::never_awaited, 3);
    Diary outer;
    Diary inner;
    {
        const ObserveTasks observing_outer(outer);
        {
            const ObserveTasks observing_inner(inner);
            const Task<int> task = leaf(1);
        }
        const Task<int> task = leaf(2);
    }
    const Task<int> unseen = leaf(3);
    EXPECT_EQ(inner.text, "+a ?a");
    EXPECT_EQ(outer.text, "+a ?a");
}

// Every step that begins ends, and on the same thread: what a watchdog needs.
TEST(TaskObserver, SeesAsManyStepsEndAsBegin) {
    class Balance final : public TaskObserver {
      public:
        void resumed(const TaskInfo&) noexcept override { most = std::max(most, ++open); }
        void suspended(const TaskInfo&) noexcept override { --open; }
        void finished(const TaskInfo&, const std::exception_ptr&) noexcept override { --open; }
        int open = 0;
        int most = 0;
    } balance;
    const auto mixed = []() -> Task<int> {
        std::vector<Task<int>> tasks;
        for (int i = 0; i < 10; ++i) {
            tasks.push_back(i % 2 == 0 ? hopping_leaf(i) : leaf(i));
        }
        std::vector<int> results = co_await gather(std::move(tasks));
        co_return results.back() + co_await leaf(1) + co_await hopping_leaf(2);
    };
    Loop loop;
    {
        const ObserveTasks observing(balance);
        EXPECT_EQ(run(loop, mixed()), 12);
    }
    EXPECT_EQ(balance.open, 0);
    EXPECT_GE(balance.most, 1);
}

}  // namespace asyncbench::observe_tests
