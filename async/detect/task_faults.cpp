#include "async/detect/task_faults.hpp"

#include <fmt/format.h>

#include <atomic>
#include <exception>
#include <utility>

#include "async/detect/symbolize.hpp"
#include "async/promise.hpp"

namespace asyncbench {

namespace {

std::atomic<bool> reported = true;
// How many tasks are being destroyed around each other on this thread.
constinit thread_local int tasks_ending = 0;

// What an exception says; empty for a CancelledError, which is an answer and no failure.
std::string text_of(const std::exception_ptr& error) {
    try {
        std::rethrow_exception(error);
    } catch (const CancelledError&) {
        return {};
    } catch (const std::exception& exception) {
        return exception.what();
    } catch (...) {
        return "an exception of a type that is no std::exception";
    }
}

}  // namespace

void report_task_faults(bool on) noexcept {
    reported.store(on, std::memory_order_relaxed);
}
bool task_faults_are_reported() noexcept {
    return reported.load(std::memory_order_relaxed);
}

namespace detail {

std::string describe(const TaskInfo& task) {
    const std::string name = short_function_name(task.coroutine.function_name());
    if (task.at_call) {
        return fmt::format("`{}` (created at {}:{})", name, task.where.file_name(), task.where.line());
    }
    return fmt::format("`{}` ({}:{})", name, task.coroutine.file_name(), task.coroutine.line());
}

Finding finding_about(Finding::Kind kind, const TaskInfo& task) {
    Finding finding;
    finding.kind = kind;
    finding.coroutine = short_function_name(task.coroutine.function_name());
    if (task.at_call) {
        finding.created = fmt::format("{}:{}", task.where.file_name(), task.where.line());
    }
    return finding;
}

bool ends_on_purpose() noexcept {
    return tasks_ending > 0 || std::uncaught_exceptions() > 0;
}

void report_fault(Finding::Kind kind, const TaskInfo& task, const std::string& what) noexcept {
    if (task_faults_are_reported()) {
        Finding finding = finding_about(kind, task);
        finding.message = "The task of " + describe(task) + what;
        report(finding);
    }
}

void report_waits_for_own_loop(const std::string& message) noexcept {
    if (!task_faults_are_reported()) {
        return;
    }
    Finding finding;
    if (current_task != nullptr) {
        finding = finding_about(Finding::Kind::waits_for_own_loop, current_task->info());
        finding.message = message + " It was the task of " + describe(current_task->info()) + ".";
    } else {
        finding.kind = Finding::Kind::waits_for_own_loop;
        finding.message = message;
    }
    report(finding);
}

void PromiseBase::destroy_unsettled(std::coroutine_handle<> frame) const noexcept {
    if (!discarded_ && !ends_on_purpose() && task_faults_are_reported()) {
        report_loss();
    }
    Trampoline::forget(frame);
    ++tasks_ending;
    frame.destroy();
    --tasks_ending;
}

void PromiseBase::report_loss() const {
    if (done_) {
        if (error_taken_) {
            return;
        }
        if (std::string text = text_of(error_); !text.empty()) {
            if (text.ends_with('.')) text.pop_back();
            report_fault(Finding::Kind::lost_exception, info(),
                         fmt::format(" ended with an exception that nobody took: {}. Await the task, or ask "
                                     "for its result() or error().",
                                     text));
        }
    } else if (!started_) {
        report_fault(Finding::Kind::never_awaited, info(),
                     " was never awaited: it was destroyed before any of its code ran. co_await it, or give "
                     "it to gather(), a TaskGroup or run(); where this is meant, say "
                     "std::move(task).discard().");
    } else if (!cancellation_.cancelled()) {
        report_fault(Finding::Kind::destroyed_pending, info(),
                     " was destroyed but it is pending: it waited, and what comes after that wait never "
                     "runs. Keep the task until it is done, or cancel it and wait for its end; where this is "
                     "meant, say std::move(task).discard().");
    }
}

void PromiseBase::resumed_elsewhere(const Loop* waited_on) const noexcept {
    if (waited_on == nullptr) {
        return;  // it waited on no loop, so that it goes on wherever it is taken
    }
    report_fault(
        Finding::Kind::wrong_loop, info(),
        std::string(" waited on one loop and was resumed ") +
            (Loop::current() == nullptr ? "on a thread that runs no loop" : "on another loop") +
            ". What completes its wait posts it to the loop it waited on: loop.post(handle). An awaiter "
            "that moves a task on purpose has a member `static constexpr bool resumes_elsewhere = true`.");
}

}  // namespace detail
}  // namespace asyncbench
