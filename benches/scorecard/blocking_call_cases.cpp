// Calls that block the loop's thread, by the functions that programs really call, and what only looks like
// it.

#include <curl/curl.h>
#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <fstream>
#include <future>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>

#include "async/loop.hpp"
#include "async/run.hpp"
#include "async/sleep.hpp"
#include "async/sync_to_async.hpp"
#include "async/task.hpp"
#include "async/thread_pool.hpp"
#include "benches/scorecard/scorecard.hpp"
#include "harness/http/async_session.hpp"
#include "harness/http/blocking_session.hpp"
#include "targets/target.hpp"

namespace asyncbench {
namespace {

using namespace std::chrono_literals;
using Kind = Finding::Kind;

/// Shorter than a stall: the call itself has to be found.
constexpr auto moment = 20ms;

Task<> call(void (*work)()) {
    work();
    co_return;
}

template <void (*work)()>
void on_a_loop() {
    Loop loop;
    run(loop, call(work));
}

Task<> call_elsewhere(void (*work)()) {
    const auto elsewhere = sync_to_async(work, not_thread_sensitive);
    co_await elsewhere();
}

template <void (*work)()>
void on_another_thread() {
    Loop loop;
    run(loop, call_elsewhere(work));
}

class Sockets {
  public:
    explicit Sockets(int flags = 0) { socketpair(AF_UNIX, SOCK_STREAM | flags, 0, ends_.data()); }
    ~Sockets() {
        for (const int end : ends_) close(end);
    }
    Sockets(const Sockets&) = delete;
    Sockets& operator=(const Sockets&) = delete;
    int here() const { return ends_[0]; }
    int there() const { return ends_[1]; }

  private:
    std::array<int, 2> ends_{};
};

std::jthread write_soon(int descriptor) {
    return std::jthread([descriptor] {
        std::this_thread::sleep_for(moment);
        if (write(descriptor, "x", 1) != 1) std::perror("write");
    });
}

// --- what blocks ---

void sleep_cpp() {
    std::this_thread::sleep_for(moment);
}
void sleep_c() {
    usleep(20'000);
}
void read_a_socket() {
    const Sockets sockets;
    const std::jthread peer = write_soon(sockets.there());
    char byte = 0;
    if (read(sockets.here(), &byte, 1) != 1) std::perror("read");
}
void receive() {
    const Sockets sockets;
    const std::jthread peer = write_soon(sockets.there());
    char byte = 0;
    if (recv(sockets.here(), &byte, 1, 0) != 1) std::perror("recv");
}
void poll_a_socket() {
    const Sockets sockets;
    pollfd watched{sockets.here(), POLLIN, 0};
    poll(&watched, 1, 20);
}
void resolve() {
    addrinfo* found = nullptr;
    if (getaddrinfo("localhost", "80", nullptr, &found) == 0) freeaddrinfo(found);
}
void wait_for_a_future() {
    std::promise<void> promise;
    const auto future = promise.get_future();
    const std::jthread setter([&promise] {
        std::this_thread::sleep_for(moment);
        promise.set_value();
    });
    future.wait();
}
void wait_for_a_condition() {
    std::mutex mutex;
    std::condition_variable condition;
    std::unique_lock lock(mutex);
    condition.wait_for(lock, moment);
}
void contend_for_a_lock() {
    std::mutex mutex;
    std::promise<void> held;
    const std::jthread holder([&] {
        const std::lock_guard lock(mutex);
        held.set_value();
        std::this_thread::sleep_for(5 * moment);
    });
    const auto ready = held.get_future();
    while (ready.wait_for(0s) != std::future_status::ready) std::this_thread::yield();
    const std::lock_guard lock(mutex);
}
void join_a_thread() {
    std::jthread([] { std::this_thread::sleep_for(moment); }).join();
}
void sync_a_file() {
    std::FILE* const file = std::tmpfile();
    if (file == nullptr) return std::perror("tmpfile");
    std::fputs("saved", file);
    std::fflush(file);
    fsync(fileno(file));
    std::fclose(file);
}
void run_a_program() {
    if (std::system("exit 0") != 0) std::perror("system");
}

TargetOptions quick_target() {
    TargetOptions options;
    options.profile.delay = DelaySpec::parse("20ms");
    return options;
}

void get_by_libcurl_easy() {
    const MockTarget target(quick_target());
    const std::string url = "http://127.0.0.1:" + std::to_string(target.port()) + "/healthz";
    const std::unique_ptr<CURL, void (*)(CURL*)> easy(curl_easy_init(), curl_easy_cleanup);
    curl_easy_setopt(easy.get(), CURLOPT_URL, url.c_str());
    curl_easy_setopt(easy.get(), CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(
        easy.get(), CURLOPT_WRITEFUNCTION,
        +[](char*, size_t size, size_t count, void*) { return size * count; });
    curl_easy_perform(easy.get());
}

// --- what does not ---

void lock_what_is_free() {
    std::mutex mutex;
    for (int i = 0; i < 1000; ++i) const std::lock_guard lock(mutex);
}
void read_what_is_there() {
    const Sockets sockets;
    char byte = 0;
    if (write(sockets.there(), "x", 1) != 1 || read(sockets.here(), &byte, 1) != 1) std::perror("read");
}
void read_without_blocking() {
    const Sockets sockets(SOCK_NONBLOCK);
    char byte = 0;
    while (read(sockets.here(), &byte, 1) > 0) {
    }
}
void poll_without_waiting() {
    const Sockets sockets;
    pollfd watched{sockets.here(), POLLIN, 0};
    poll(&watched, 1, 0);
}
void log_to_stderr() {
    std::fputs("", stderr);
    std::fflush(stderr);
}
void read_a_cached_file() {
    std::ifstream file("/proc/self/exe");
    std::array<char, 4096> bytes{};
    file.read(bytes.data(), bytes.size());
}
void submit_to_a_pool() {
    static ThreadPool pool(2);
    for (int i = 0; i < 100; ++i) pool.submit([] {});
}

Task<> fetch_some(AsyncSession& session, std::string url) {
    for (int i = 0; i < 5; ++i) {
        const Response response = co_await session.get(url);
        if (!response.ok()) std::fprintf(stderr, "%s\n", response.message.c_str());
    }
}
void fetch_by_the_async_session() {
    const MockTarget target(quick_target());
    Loop loop;
    AsyncSession session(loop, SessionOptions{});
    run(loop, fetch_some(session, "http://127.0.0.1:" + std::to_string(target.port()) + "/io/scorecard/1"));
}

Task<> wait_by_timer() {
    co_await sleep_for(moment);
}
void sleep_by_timer() {
    Loop loop;
    run(loop, wait_by_timer());
}

constexpr auto kind = Kind::blocking_call;

}  // namespace

std::vector<ScorecardCase> blocking_call_cases() {
    return {
        {kind, true, "std::this_thread::sleep_for", on_a_loop<sleep_cpp>},
        {kind, true, "usleep", on_a_loop<sleep_c>},
        {kind, true, "read of a socket with nothing to read", on_a_loop<read_a_socket>},
        {kind, true, "recv of a socket with nothing to read", on_a_loop<receive>},
        {kind, true, "poll with a timeout", on_a_loop<poll_a_socket>},
        {kind, true, "getaddrinfo", on_a_loop<resolve>},
        {kind, true, "std::future::wait", on_a_loop<wait_for_a_future>},
        {kind, true, "std::condition_variable::wait_for", on_a_loop<wait_for_a_condition>},
        {kind, true, "std::mutex that another thread holds", on_a_loop<contend_for_a_lock>},
        {kind, true, "std::thread::join", on_a_loop<join_a_thread>},
        {kind, true, "fsync", on_a_loop<sync_a_file>},
        {kind, true, "system", on_a_loop<run_a_program>},
        {kind, true, "curl_easy_perform", on_a_loop<get_by_libcurl_easy>},
        {kind, false, "a mutex nobody holds", on_a_loop<lock_what_is_free>},
        {kind, false, "read of a socket that has something", on_a_loop<read_what_is_there>},
        {kind, false, "read of a socket that does not block", on_a_loop<read_without_blocking>},
        {kind, false, "poll without a timeout", on_a_loop<poll_without_waiting>},
        {kind, false, "a line to stderr", on_a_loop<log_to_stderr>},
        {kind, false, "read of a cached file", on_a_loop<read_a_cached_file>},
        {kind, false, "jobs for a pool", on_a_loop<submit_to_a_pool>},
        {kind, false, "requests by the loop's session", fetch_by_the_async_session},
        {kind, false, "a sleep by the loop's timer", sleep_by_timer},
        {kind, false, "a blocking sleep through sync_to_async", on_another_thread<sleep_cpp>},
    };
}

}  // namespace asyncbench
