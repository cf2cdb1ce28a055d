#include "targets/blocking/thread_per_connection.hpp"

#include <pthread.h>

#include <memory>
#include <utility>

namespace asyncbench::blocking {
namespace {

/// cpp-httplib matches a Range header with std::regex, which recurses for each character: 8 KiB of it
/// overflow a stack of 4 MiB. Only touched pages take memory.
constexpr std::size_t stack_bytes = std::size_t{32} << 20;

thread_local bool refusing = false;

}  // namespace

struct ThreadPerConnection::Job {
    ThreadPerConnection* queue;
    std::function<void()> connection;
};

bool ThreadPerConnection::is_refusing() {
    return refusing;
}

void ThreadPerConnection::enqueue(std::function<void()> connection) {
    if (start(connection)) return;
    refusing = true;
    connection();
    refusing = false;
}

bool ThreadPerConnection::start(std::function<void()> connection) {
    const std::lock_guard lock(mutex_);
    if (threads_ == most_threads_) return false;
    // run() owns it.
    Job* const job = std::make_unique<Job>(Job{this, std::move(connection)}).release();
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    pthread_attr_setstacksize(&attributes, stack_bytes);
    pthread_t thread{};
    const int error = pthread_create(&thread, &attributes, &ThreadPerConnection::run, job);
    pthread_attr_destroy(&attributes);
    if (error != 0) {
        const std::unique_ptr<Job> without_thread(job);
        return false;
    }
    ++threads_;
    return true;
}

void* ThreadPerConnection::run(void* argument) {
    std::unique_ptr<Job> job(static_cast<Job*>(argument));
    ThreadPerConnection& queue = *job->queue;
    job->connection();
    job.reset();
    const std::lock_guard ending(queue.mutex_);
    --queue.threads_;
    queue.ended_.notify_all();
    return nullptr;
}

void ThreadPerConnection::shutdown() {
    std::unique_lock lock(mutex_);
    ended_.wait(lock, [this] { return threads_ == 0; });
}

}  // namespace asyncbench::blocking
