#pragma once

#include <exception>
#include <source_location>
#include <utility>

#include "async/stack_floor.hpp"

namespace asyncbench {

/// What an observer is told about a task. The id is unique among the tasks that exist.
struct TaskInfo {
    const void* id;
    const void* parent;          ///< id of the task that awaits it; null where none does (yet)
    std::source_location where;  ///< the line that created it, or its coroutine; see `at_call`
    bool at_call;                ///< whether `where` is the call (Site parameter) rather than the coroutine
    std::source_location coroutine;  ///< the coroutine: its name, and a line of it
};

enum class TaskEnd {
    finished,   ///< it ran to its end
    unstarted,  ///< nobody awaited it: none of its code has run
    pending,    ///< it was destroyed while it waited
};

/// Sees what the tasks of a thread do. A step is what a task runs between two waits. Steps nest: a task that
/// starts others (gather, TaskGroup) is in a step of its own while theirs run. Called on the thread where it
/// happens, inside the task's machinery: must not throw, resume, await or destroy tasks.
class TaskObserver {
  public:
    virtual ~TaskObserver() = default;
    virtual void created(const TaskInfo&) noexcept {}
    virtual void resumed(const TaskInfo&) noexcept {}    ///< a step begins
    virtual void suspended(const TaskInfo&) noexcept {}  ///< a step ends in a wait
    /// The last step ends; `error` is null unless the task threw.
    virtual void finished(const TaskInfo&, const std::exception_ptr& /*error*/) noexcept {}
    virtual void destroyed(const TaskInfo&, TaskEnd) noexcept {}
};

namespace detail {
class PromiseBase;
inline constinit thread_local TaskObserver* task_observer = nullptr;
/// The task whose step runs on this thread; null between steps. Read by signal handlers on the thread.
inline constinit thread_local const PromiseBase* current_task = nullptr;

/// Off only where their cost is measured, against a build with them (scripts/scorecard).
#ifdef ASYNCBENCH_WITHOUT_TASK_FAULTS
inline constexpr bool looks_for_task_faults = false;
#else
inline constexpr bool looks_for_task_faults = true;
#endif

inline void set_current_task(const PromiseBase* task) noexcept {
    if constexpr (looks_for_task_faults) {
        current_task = task;
    }
}
}  // namespace detail

/// Observes the tasks of this thread while it lives; the observer installed before it comes back afterwards.
/// Where none is installed, tasks pay one branch for each event.
class ObserveTasks {
  public:
    explicit ObserveTasks(TaskObserver& observer) : before_(detail::task_observer) { install(&observer); }
    ~ObserveTasks() { install(before_); }
    ObserveTasks(const ObserveTasks&) = delete;
    ObserveTasks& operator=(const ObserveTasks&) = delete;

  private:
    static void install(TaskObserver* observer) noexcept {
        detail::task_observer = observer;
        detail::slow_below = observer != nullptr ? detail::no_floor : detail::stack_floor;
    }
    TaskObserver* before_;
};

}  // namespace asyncbench
