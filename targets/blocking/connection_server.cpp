#include "targets/blocking/connection_server.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <pthread.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <system_error>
#include <utility>

#include "async/errors.hpp"
#include "harness/measure/arrival.hpp"

namespace asyncbench::blocking {
namespace {

constexpr int listen_backlog = 4096;

bool is_address(const std::string& text) {
    std::array<unsigned char, sizeof(in6_addr)> bytes{};
    return inet_pton(AF_INET, text.c_str(), bytes.data()) == 1 ||
           inet_pton(AF_INET6, text.c_str(), bytes.data()) == 1;
}

/// cpp-httplib matches a Range header with std::regex, which recurses for each character: 8 KiB of it
/// overflow a stack of 4 MiB. Only touched pages take memory.
constexpr std::size_t stack_bytes = std::size_t{32} << 20;

thread_local bool refusing = false;

thread_local const ConnectionServer::Answer* current_answer = nullptr;

/// Runs each of cpp-httplib's tasks, which are connections, in a thread of its own.
class ThreadPerConnection : public httplib::TaskQueue {
  public:
    explicit ThreadPerConnection(std::size_t most_threads) : most_threads_(most_threads) {}

    /// Starts the thread. Where there cannot be one more, runs `connection` here, with is_refusing().
    void enqueue(std::function<void()> connection) override;
    /// Waits for all threads.
    void shutdown() override;

    /// Whether the task that asks has no thread and must end at once.
    static bool is_refusing();

  private:
    struct Job;

    bool start(std::function<void()> connection);
    static void* run(void* job);

    std::size_t most_threads_;
    std::mutex mutex_;
    std::condition_variable ended_;
    std::size_t threads_ = 0;
};

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

}  // namespace

ConnectionServer::ConnectionServer(Options options, Converse converse)
    : options_(std::move(options)), converse_(std::move(converse)) {
    set_tcp_nodelay(true);
    set_write_timeout(options_.idle_timeout);
    // cpp-httplib's own choice, SO_REUSEPORT, would share a port that is taken.
    set_socket_options([](socket_t descriptor) {
        const int on = 1;
        ::setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
        ask_for_stamps(descriptor);
    });
    set_pre_routing_handler([](const httplib::Request& request, httplib::Response& response) {
        (*current_answer)(request, response);
        return HandlerResponse::Handled;
    });
    new_task_queue = [most = options_.most_connections] { return new ThreadPerConnection(most); };
    listen_on(options_.address, options_.port);
    thread_ = std::thread([this] { listen_after_bind(); });
    // cpp-httplib ignores a stop() before it runs.
    while (!is_running()) std::this_thread::sleep_for(std::chrono::microseconds{100});
}

ConnectionServer::~ConnectionServer() {
    end();
}

void ConnectionServer::listen_on(const std::string& address, std::uint16_t port) {
    const auto fail = [&](std::string_view why) {
        return Error(
            fmt::format("{} cannot listen on {} port {}: {}. Give an IPv4 or IPv6 address of "
                        "this machine and a port that is free, or port 0.",
                        options_.what, address, port, why));
    };
    if (!is_address(address)) throw fail("that is no IP address");
    errno = 0;
    const int bound = port == 0 ? bind_to_any_port(address) : (bind_to_port(address, port) ? port : -1);
    if (bound < 0) {
        throw fail(errno != 0 ? std::generic_category().message(errno) : "the address cannot be used");
    }
    port_ = static_cast<std::uint16_t>(bound);
    // Again, for the backlog: cpp-httplib's is 5.
    if (::listen(svr_sock_, listen_backlog) != 0) throw fail(std::generic_category().message(errno));
}

void ConnectionServer::end() {
    if (!thread_.joinable()) return;
    stop();
    {
        const std::lock_guard lock(mutex_);
        interrupted_ = true;
        for (Connection* connection : connections_) connection->interrupt();
    }
    thread_.join();
}

std::size_t ConnectionServer::open_connections() const {
    const std::lock_guard lock(mutex_);
    return connections_.size();
}

ConnectionServer::Exchanged ConnectionServer::exchange(Connection& connection, bool is_last,
                                                       const Answer& answer) {
    current_answer = &answer;
    Exchanged exchanged;
    const bool processed =
        process_request(connection, is_last, exchanged.client_closes, [](httplib::Request& request) {
            request.ranges.clear();
            request.headers.erase("Accept-Encoding");
        });
    exchanged.written = processed && !connection.has_failed();
    return exchanged;
}

bool ConnectionServer::process_and_close_socket(socket_t descriptor) {
    ::fcntl(descriptor, F_SETFD, FD_CLOEXEC);  // or a child would keep the client waiting for the end
    Connection connection(descriptor, options_.request_timeout, options_.idle_timeout);
    if (ThreadPerConnection::is_refusing()) return false;
    {
        const std::lock_guard lock(mutex_);
        if (interrupted_) return false;
        connections_.insert(&connection);
    }
    converse_(connection);
    const std::lock_guard lock(mutex_);
    connections_.erase(&connection);
    return true;
}

}  // namespace asyncbench::blocking
