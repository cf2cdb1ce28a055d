#include "async/thread_pool.hpp"

#include <cstdio>
#include <string>
#include <system_error>

#include "async/detect/task_faults.hpp"
#include "async/errors.hpp"

namespace asyncbench {

namespace {
constinit thread_local const ThreadPool* pool_of_this_thread = nullptr;
}

ThreadPool::ThreadPool(std::size_t threads) {
    if (threads == 0) {
        throw UsageError("A thread pool needs at least one thread; ask for 1 or more.");
    }
    try {
        threads_.reserve(threads);
        while (threads_.size() < threads) {
            threads_.emplace_back([this] { work(); });
        }
    } catch (const std::system_error& error) {
        const std::size_t started = threads_.size();
        stop_and_join();
        throw Error("The system gave " + std::to_string(started) + " of " + std::to_string(threads) +
                    " threads for a pool (" + error.what() +
                    "); ask for fewer, or raise the limit of processes (ulimit -u).");
    }
}

ThreadPool::~ThreadPool() {
    stop_and_join();
    if (first_error_ != nullptr && std::uncaught_exceptions() == 0) {
        std::fputs("asyncbench: a job of a thread pool threw an exception that no wait() took.\n", stderr);
        std::rethrow_exception(first_error_);  // out of a destructor: std::terminate() names it
    }
}

void ThreadPool::stop_and_join() noexcept {
    {
        const std::scoped_lock lock(mutex_);
        stopping_ = true;
    }
    submitted_.notify_all();
    for (std::thread& thread : threads_) {
        thread.join();
    }
}

void ThreadPool::submit(std::function<void()> job) {
    {
        const std::scoped_lock lock(mutex_);
        jobs_.push_back(std::move(job));
        ++unfinished_;
    }
    submitted_.notify_one();
}

void ThreadPool::wait() {
    if (pool_of_this_thread == this) {
        const Error error(
            "ThreadPool::wait() was called from a job of that pool, and would wait for the job itself; wait "
            "on "
            "the thread that submitted the jobs.");
        detail::report_waits_for_own_loop(error.what());
        throw error;
    }
    std::unique_lock lock(mutex_);
    idle_.wait(lock, [this] { return unfinished_ == 0; });
    if (first_error_ != nullptr) {
        std::rethrow_exception(std::exchange(first_error_, nullptr));
    }
}

void ThreadPool::work() {
    pool_of_this_thread = this;
    std::unique_lock lock(mutex_);
    while (true) {
        submitted_.wait(lock, [this] { return stopping_ || !jobs_.empty(); });
        if (jobs_.empty()) {
            return;
        }
        std::function<void()> job = std::move(jobs_.front());
        jobs_.pop_front();
        lock.unlock();
        std::exception_ptr error;
        try {
            job();
        } catch (...) {
            error = std::current_exception();
        }
        job = nullptr;  // outside the lock, and before the job counts as done
        lock.lock();
        if (error != nullptr && first_error_ == nullptr) {
            first_error_ = std::move(error);
        }
        if (--unfinished_ == 0) {
            idle_.notify_all();
        }
    }
}

}  // namespace asyncbench
