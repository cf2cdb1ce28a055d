#include "async/current_thread_executor.hpp"

#include <unistd.h>

#include <utility>

#include "async/detect/task_faults.hpp"
#include "async/errors.hpp"

namespace asyncbench {

CurrentThreadExecutor::CurrentThreadExecutor(std::shared_ptr<CurrentThreadExecutor> outer)
    : process_(getpid()), outer_(std::move(outer)) {}

bool CurrentThreadExecutor::try_submit(std::function<void()>& job) {
    const pid_t process = getpid();
    for (CurrentThreadExecutor* executor = this; executor != nullptr; executor = executor->outer_.get()) {
        if (executor->process_ != process) {
            continue;
        }
        const std::scoped_lock lock(executor->mutex_);
        if (executor->ended_) {
            continue;
        }
        if (executor->thread_ == std::this_thread::get_id()) {
            const Error error(
                "You cannot submit onto a CurrentThreadExecutor from its own thread, it would deadlock: the "
                "thread would wait for a function that only it could run. Call the function directly.");
            detail::report_waits_for_own_loop(error.what());
            throw error;
        }
        executor->jobs_.push_back(std::move(job));
        executor->changed_.notify_one();
        return true;
    }
    return false;
}

void CurrentThreadExecutor::submit(std::function<void()> job) {
    if (!try_submit(job)) {
        throw Error(
            "A function was submitted to a CurrentThreadExecutor whose thread waits for functions no more: "
            "the call of async_to_sync that had lent it is over.");
    }
}

CurrentThreadExecutor::Woken CurrentThreadExecutor::run() {
    std::unique_lock lock(mutex_);
    while (true) {
        changed_.wait(lock, [this] { return finished_ || loop_stopped_ || !jobs_.empty(); });
        if (!jobs_.empty()) {
            std::function<void()> job = std::move(jobs_.front());
            jobs_.pop_front();
            lock.unlock();
            job();
            job = nullptr;
            lock.lock();
        } else if (finished_) {
            ended_ = true;
            return Woken::finished;
        } else {
            loop_stopped_ = false;
            return Woken::loop_stopped;
        }
    }
}

void CurrentThreadExecutor::finish() noexcept {
    const std::scoped_lock lock(mutex_);
    finished_ = true;
    changed_.notify_one();
}

void CurrentThreadExecutor::loop_stopped() noexcept {
    const std::scoped_lock lock(mutex_);
    loop_stopped_ = true;
    changed_.notify_one();
}

}  // namespace asyncbench
