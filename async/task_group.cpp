#include "async/task_group.hpp"

#include <memory>
#include <utility>

#include "async/detect/task_faults.hpp"
#include "async/errors.hpp"

namespace asyncbench {

namespace {
bool is_cancelled_error(const std::exception_ptr& error) noexcept {
    try {
        std::rethrow_exception(error);
    } catch (const CancelledError&) {
        return true;
    } catch (...) {
        return false;
    }
}
}  // namespace

// Owned by the ring of its group, and by itself once it is out of it.
class TaskGroup::Child final : public detail::RingLink, public detail::Completion {
  public:
    Child(TaskGroup& group, Task<void> task) : group_(group), task_(std::move(task)) {}

    virtual ~Child() = default;

    void start() { task_.start(*this); }

    std::coroutine_handle<> completed(detail::PromiseBase& task) noexcept override {
        TaskGroup& group = group_;
        std::exception_ptr error = task.error();  // a copy, as the task ends here
        const TaskInfo info = task.info();
        delete this;
        return group.ended(info, std::move(error));
    }

  private:
    TaskGroup& group_;
    Task<void> task_;
};

TaskGroup::~TaskGroup() {
    if (first_error_ != nullptr && !detail::ends_on_purpose()) {
        detail::report_fault(Finding::Kind::lost_exception, failed_,
                             " ended with an exception that nobody took, as its TaskGroup ended without "
                             "join(). co_await group.join(), which throws it.");
    }
    while (children_.linked()) {
        delete static_cast<Child*>(&children_.take_next());
    }
}

void TaskGroup::spawn(Task<void> task) {
    task.inherit_cancellation(source_.token());
    auto child = std::make_unique<Child>(*this, std::move(task));
    child->link_before(children_);
    ++running_;
    child.release()->start();
}

std::coroutine_handle<> TaskGroup::ended(const TaskInfo& task, std::exception_ptr error) noexcept {
    --running_;
    if (error != nullptr && first_error_ == nullptr && !is_cancelled_error(error)) {
        first_error_ = std::move(error);
        failed_ = task;
        source_.cancel();
    }
    if (running_ == 0 && joining_) {
        return std::exchange(joining_, nullptr);
    }
    return std::noop_coroutine();
}

bool TaskGroup::Join::begin(std::coroutine_handle<> awaiting, const CancellationToken& token) {
    if (group_.joining_) {
        throw Error("TaskGroup::join() was awaited by two tasks; one task owns a group and joins it.");
    }
    outer_ = token;
    registration_.arm(token, [this] { group_.cancel(); });
    if (group_.running_ == 0) {
        return false;
    }
    group_.joining_ = awaiting;
    return true;
}

void TaskGroup::Join::await_resume() {
    registration_.disarm();
    if (group_.first_error_ != nullptr) {
        std::rethrow_exception(std::exchange(group_.first_error_, nullptr));
    }
    outer_.throw_if_cancelled();
}

}  // namespace asyncbench
