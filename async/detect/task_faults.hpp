#pragma once

#include <string>

#include "async/detect/finding.hpp"
#include "async/observe.hpp"

namespace asyncbench {

// Faults that every task looks for at its own end and after its waits, in any program, without being asked:
//
// never_awaited      A task is destroyed before its first step.
// destroyed_pending  A task is destroyed while it waits.
// lost_exception     A task that threw is destroyed, and nobody took the exception.
// wrong_loop         A task that waited on a loop goes on elsewhere, and its awaiter does not declare that
//                    (`static constexpr bool resumes_elsewhere = true`).
// waits_for_own_loop What runs on a loop, or is a job of a pool, waits for that loop or pool. Thrown as Error
//                    besides, as it would never end.
//
// What tells a loss from a task that was ended on purpose:
//
// - Only the outermost of the tasks that end together is reported; what it owns goes with it.
// - Nothing is reported while an exception unwinds the stack: who owned the task has failed, which is known.
// - A task that was asked to end by cancellation may be destroyed while it waits, and a CancelledError is no
//   loss.
// - An exception that gather or a joined TaskGroup drops, because an earlier one was thrown, counts as taken.
// - `std::move(task).discard()` says that it is meant.

/// Whether task faults are reported: they are, unless a program says otherwise. For the whole process, from
/// any thread.
void report_task_faults(bool on) noexcept;
bool task_faults_are_reported() noexcept;

namespace detail {

/// "`net::fetch` (created at main.cpp:12)": how messages name a task.
std::string describe(const TaskInfo& task);
/// A finding about `task`, without a message.
Finding finding_about(Finding::Kind kind, const TaskInfo& task);
/// A finding of `kind` about `task` with the message "The task of " + describe(task) + `what`.
void report_fault(Finding::Kind kind, const TaskInfo& task, const std::string& what) noexcept;
/// Whether what ends now on this thread does so because its owner, a task, is destroyed, or has failed.
bool ends_on_purpose() noexcept;
/// Reports that this thread waits for what it runs itself, as the task that runs on it does.
void report_waits_for_own_loop(const std::string& message) noexcept;

}  // namespace detail
}  // namespace asyncbench
