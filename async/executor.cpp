#include "async/executor.hpp"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <string>
#include <system_error>
#include <thread>
#include <utility>

#include "async/errors.hpp"

namespace asyncbench {

namespace {
constinit thread_local const void* queue_of_this_thread = nullptr;  // compared and never followed
}

struct SingleThread::Queue {
    std::mutex mutex;
    std::condition_variable changed;
    std::deque<std::function<void()>> jobs;
    bool started = false;
    bool ending = false;

    void work() {
        queue_of_this_thread = this;
        std::unique_lock lock(mutex);
        while (true) {
            changed.wait(lock, [this] { return ending || !jobs.empty(); });
            if (jobs.empty()) {
                return;
            }
            std::function<void()> job = std::move(jobs.front());
            jobs.pop_front();
            lock.unlock();
            job();
            job = nullptr;
            lock.lock();
        }
    }
};

SingleThread::SingleThread() : queue_(std::make_shared<Queue>()) {}

SingleThread::~SingleThread() {
    const std::scoped_lock lock(queue_->mutex);
    queue_->ending = true;
    queue_->changed.notify_all();
}

bool SingleThread::is_this_thread() const noexcept {
    return queue_of_this_thread == queue_.get();
}

void SingleThread::submit(std::function<void()> job) {
    const std::scoped_lock lock(queue_->mutex);
    if (!queue_->started) {
        try {
            std::thread([queue = queue_] { queue->work(); }).detach();
        } catch (const std::system_error& error) {
            throw Error(std::string("The system gave no thread for a function (") + error.what() +
                        "); run fewer, or raise the limit of processes (ulimit -u).");
        }
        queue_->started = true;
    }
    queue_->jobs.push_back(std::move(job));
    queue_->changed.notify_one();
}

}  // namespace asyncbench
