#include "targets/blocking/thread_per_connection.hpp"

#include <system_error>
#include <thread>

namespace asyncbench::blocking {
namespace {

thread_local bool refusing = false;

}  // namespace

bool ThreadPerConnection::is_refusing() {
    return refusing;
}

void ThreadPerConnection::enqueue(std::function<void()> connection) {
    if (start(connection)) return;
    refusing = true;
    connection();
    refusing = false;
}

bool ThreadPerConnection::start(const std::function<void()>& connection) {
    const std::lock_guard lock(mutex_);
    if (threads_ == most_threads_) return false;
    try {
        std::thread([this, connection] {
            connection();
            const std::lock_guard ending(mutex_);
            --threads_;
            ended_.notify_all();
        }).detach();
    } catch (const std::system_error&) {
        return false;
    }
    ++threads_;
    return true;
}

void ThreadPerConnection::shutdown() {
    std::unique_lock lock(mutex_);
    ended_.wait(lock, [this] { return threads_ == 0; });
}

}  // namespace asyncbench::blocking
