#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

#include "async/detect/blocking_calls.hpp"
#include "async/errors.hpp"
#include "async/schedule.hpp"
#include "async/task.hpp"

namespace asyncbench::testing {

/// Ends the process, and with it the test, where the test does not end: a deadlock is to fail, not to hang.
class Watchdog {
  public:
    Watchdog() : thread_([this] { watch(); }) {}
    ~Watchdog() {
        {
            const std::scoped_lock lock(mutex_);
            ended_ = true;
        }
        changed_.notify_one();
        thread_.join();
    }
    Watchdog(const Watchdog&) = delete;
    Watchdog& operator=(const Watchdog&) = delete;

  private:
    void watch() {
        std::unique_lock lock(mutex_);
        if (!changed_.wait_for(lock, std::chrono::seconds(60), [this] { return ended_; })) {
            std::fputs("The test did not end within 60 s: it waits for itself.\n", stderr);
            std::abort();
        }
    }
    std::mutex mutex_;
    std::condition_variable changed_;
    bool ended_ = false;
    std::thread thread_;
};

/// Opened once, by any thread.
class Gate {
  public:
    void open() {
        const std::scoped_lock lock(mutex_);
        open_ = true;
        changed_.notify_all();
    }
    void wait() {
        const AllowBlocking on_purpose;
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [this] { return open_; });
    }

  private:
    std::mutex mutex_;
    std::condition_variable changed_;
    bool open_ = false;
};

inline Task<void> next_turn() {
    co_await resume_on(*Loop::current());
}

inline std::thread::id this_thread() {
    return std::this_thread::get_id();
}

/// The message of the Error that `function` throws; empty where it throws none.
inline std::string error_of(const std::function<void()>& function) {
    try {
        function();
    } catch (const Error& error) {
        return error.what();
    }
    return "";
}

}  // namespace asyncbench::testing
