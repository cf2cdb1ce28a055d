#include "async/detect/blocking_calls.hpp"

#include <curl/curl.h>
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <sys/epoll.h>
#include <sys/file.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <future>
#include <mutex>
#include <ostream>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "async/detect/collected_findings.hpp"
#include "async/loop.hpp"
#include "async/sleep.hpp"
#include "async/task.hpp"
#include "async/thread_pool.hpp"
#include "tests/async/run_task.hpp"

namespace asyncbench::blocking_calls_tests {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::run_task;
using Mode = BlockingCallOptions::Mode;

/// Two connected sockets that block, with nothing to read.
class Sockets {
  public:
    Sockets() { EXPECT_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, ends_.data()), 0); }
    ~Sockets() {
        close(ends_[0]);
        close(ends_[1]);
    }
    Sockets(const Sockets&) = delete;
    Sockets& operator=(const Sockets&) = delete;
    int here() const { return ends_[0]; }
    int there() const { return ends_[1]; }
    /// Reading here waits for a moment.
    std::thread answer_soon() const {
        return std::thread([there = there()] {
            std::this_thread::sleep_for(5ms);
            EXPECT_EQ(write(there, "x", 1), 1);
        });
    }
    /// Nothing more can be written here.
    void fill() const {
        fcntl(here(), F_SETFL, O_NONBLOCK);
        const std::vector<char> much(1 << 16);
        while (write(here(), much.data(), much.size()) > 0) {
        }
        fcntl(here(), F_SETFL, 0);
    }
    std::thread drain_soon() const {
        return std::thread([there = there()] {
            std::this_thread::sleep_for(5ms);
            std::vector<char> much(1 << 20);
            EXPECT_GT(read(there, much.data(), much.size()), 0);
        });
    }

  private:
    std::array<int, 2> ends_{};
};

/// A socket of the network that listens on a port of this machine.
class Listener {
  public:
    Listener() : socket_(socket(AF_INET, SOCK_STREAM, 0)) {
        address_.sin_family = AF_INET;
        address_.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t length = sizeof(address_);
        EXPECT_EQ(bind(socket_, address(), length), 0);
        EXPECT_EQ(listen(socket_, 4), 0);
        EXPECT_EQ(getsockname(socket_, address(), &length), 0);
    }
    ~Listener() { close(socket_); }
    Listener(const Listener&) = delete;
    Listener& operator=(const Listener&) = delete;
    int descriptor() const { return socket_; }
    sockaddr* address() { return reinterpret_cast<sockaddr*>(&address_); }
    std::thread connect_soon() {
        return std::thread([this] {
            std::this_thread::sleep_for(5ms);
            const int client = socket(AF_INET, SOCK_STREAM, 0);
            EXPECT_EQ(connect(client, address(), sizeof(sockaddr_in)), 0);
            close(client);
        });
    }

  private:
    int socket_;
    sockaddr_in address_{};
};

timespec in_5_ms(clockid_t clock) {
    timespec end{};
    clock_gettime(clock, &end);
    end.tv_nsec += 5'000'000;
    if (end.tv_nsec >= 1'000'000'000) {
        end.tv_nsec -= 1'000'000'000;
        ++end.tv_sec;
    }
    return end;
}

/// Somebody else holds what `lock` locks for a moment; `function` wants it meanwhile.
template <class Mutex>
void contend(Mutex& mutex, const std::function<void()>& function) {
    std::promise<void> held;
    std::thread holder([&] {
        const std::lock_guard lock(mutex);
        held.set_value();
        std::this_thread::sleep_for(20ms);
    });
    {
        const AllowBlocking preparing;
        held.get_future().wait();
    }
    function();
    const AllowBlocking finishing;
    holder.join();
}

void join(std::thread thread) {
    const AllowBlocking finishing;
    thread.join();
}

/// Something that makes one blocking call of the function `name`.
struct Call {
    const char* name;
    void (*make)();
};
std::ostream& operator<<(std::ostream& out, const Call& call) {
    return out << call.name;
}

void call_connect() {
    Listener listener;
    const int client = socket(AF_INET, SOCK_STREAM, 0);
    EXPECT_EQ(connect(client, listener.address(), sizeof(sockaddr_in)), 0);
    close(client);
}
void call_accept() {
    Listener listener;
    std::thread client = listener.connect_soon();
    close(accept(listener.descriptor(), nullptr, nullptr));
    join(std::move(client));
}
void call_accept4() {
    Listener listener;
    std::thread client = listener.connect_soon();
    close(accept4(listener.descriptor(), nullptr, nullptr, SOCK_CLOEXEC));
    join(std::move(client));
}
template <class Receive>
void receive(Receive receive_from) {
    const Sockets sockets;
    std::thread answering = sockets.answer_soon();
    EXPECT_EQ(receive_from(sockets.here()), 1);
    join(std::move(answering));
}
void call_read() {
    char byte = 0;
    receive([&](int socket) { return read(socket, &byte, 1); });
}
void call_readv() {
    char byte = 0;
    iovec part{&byte, 1};
    receive([&](int socket) { return readv(socket, &part, 1); });
}
void call_recv() {
    char byte = 0;
    receive([&](int socket) { return recv(socket, &byte, 1, 0); });
}
void call_recvfrom() {
    char byte = 0;
    receive([&](int socket) { return recvfrom(socket, &byte, 1, 0, nullptr, nullptr); });
}
void call_recvmsg() {
    char byte = 0;
    iovec part{&byte, 1};
    msghdr message{};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    receive([&](int socket) { return recvmsg(socket, &message, 0); });
}
template <class Send>
void send_when_full(Send send_to) {
    const Sockets sockets;
    {
        const AllowBlocking preparing;
        sockets.fill();
    }
    std::thread draining = sockets.drain_soon();
    EXPECT_EQ(send_to(sockets.here()), 1);
    join(std::move(draining));
}
void call_write() {
    send_when_full([](int socket) { return write(socket, "x", 1); });
}
void call_writev() {
    std::array<char, 2> text{"x"};
    iovec part{text.data(), 1};
    send_when_full([&](int socket) { return writev(socket, &part, 1); });
}
void call_send() {
    send_when_full([](int socket) { return send(socket, "x", 1, 0); });
}
void call_sendto() {
    send_when_full([](int socket) { return sendto(socket, "x", 1, 0, nullptr, 0); });
}
void call_sendmsg() {
    std::array<char, 2> text{"x"};
    iovec part{text.data(), 1};
    msghdr message{};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    send_when_full([&](int socket) { return sendmsg(socket, &message, 0); });
}
void call_poll() {
    const Sockets sockets;
    pollfd one{sockets.here(), POLLIN, 0};
    EXPECT_EQ(poll(&one, 1, 1), 0);
}
void call_ppoll() {
    const timespec time{0, 1'000'000};
    EXPECT_EQ(ppoll(nullptr, 0, &time, nullptr), 0);
}
void call_select() {
    timeval time{0, 1000};
    EXPECT_EQ(select(0, nullptr, nullptr, nullptr, &time), 0);
}
void call_pselect() {
    const timespec time{0, 1'000'000};
    EXPECT_EQ(pselect(0, nullptr, nullptr, nullptr, &time, nullptr), 0);
}
void call_epoll_wait() {
    const int epoll = epoll_create1(0);
    epoll_event event{};
    EXPECT_EQ(epoll_wait(epoll, &event, 1, 1), 0);
    close(epoll);
}
void call_epoll_pwait() {
    const int epoll = epoll_create1(0);
    epoll_event event{};
    EXPECT_EQ(epoll_pwait(epoll, &event, 1, 1, nullptr), 0);
    close(epoll);
}
void call_usleep() {
    usleep(1000);
}
void call_nanosleep() {
    std::this_thread::sleep_for(1ms);
}
void call_clock_nanosleep() {
    const timespec end = in_5_ms(CLOCK_MONOTONIC);
    EXPECT_EQ(clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &end, nullptr), 0);
}
void call_getaddrinfo() {
    addrinfo* found = nullptr;
    if (getaddrinfo("localhost", nullptr, nullptr, &found) == 0) freeaddrinfo(found);
}
void call_gethostbyname() {
    gethostbyname("localhost");
}
void call_pthread_cond_wait() {
    std::mutex mutex;
    std::condition_variable changed;
    bool done = false;
    std::thread thread([&] {
        std::this_thread::sleep_for(5ms);
        const std::lock_guard lock(mutex);
        done = true;
        changed.notify_one();
    });
    {
        std::unique_lock lock(mutex);
        changed.wait(lock, [&] { return done; });
    }
    join(std::move(thread));
}
void call_pthread_cond_timedwait() {
    pthread_cond_t condition = PTHREAD_COND_INITIALIZER;
    pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
    pthread_mutex_lock(&mutex);
    const timespec end = in_5_ms(CLOCK_REALTIME);
    EXPECT_EQ(pthread_cond_timedwait(&condition, &mutex, &end), ETIMEDOUT);
    pthread_mutex_unlock(&mutex);
}
void call_pthread_cond_clockwait() {
    std::mutex mutex;
    std::condition_variable changed;
    std::unique_lock lock(mutex);
    changed.wait_for(lock, 1ms, [] { return false; });
}
void call_pthread_mutex_lock() {
    std::mutex mutex;
    contend(mutex, [&] { const std::lock_guard lock(mutex); });
}
void call_pthread_mutex_clocklock() {
    std::timed_mutex mutex;
    contend(mutex, [&] {
        EXPECT_TRUE(mutex.try_lock_for(10s));
        mutex.unlock();
    });
}
void call_pthread_rwlock_wrlock() {
    pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;
    struct Reading {
        pthread_rwlock_t& lock;
        void lock_() const { pthread_rwlock_rdlock(&lock); }
        void unlock_() const { pthread_rwlock_unlock(&lock); }
    };
    struct Mutex : Reading {
        void lock() const { lock_(); }
        void unlock() const { unlock_(); }
    } mutex{{lock}};
    contend(mutex, [&] {
        pthread_rwlock_wrlock(&lock);
        pthread_rwlock_unlock(&lock);
    });
}
void call_sem_wait() {
    sem_t semaphore;
    sem_init(&semaphore, 0, 0);
    std::thread thread([&] {
        std::this_thread::sleep_for(5ms);
        sem_post(&semaphore);
    });
    sem_wait(&semaphore);
    join(std::move(thread));
    sem_destroy(&semaphore);
}
void call_sem_timedwait() {
    sem_t semaphore;
    sem_init(&semaphore, 0, 0);
    const timespec end = in_5_ms(CLOCK_REALTIME);
    EXPECT_EQ(sem_timedwait(&semaphore, &end), -1);
    sem_destroy(&semaphore);
}
void call_pthread_join() {
    std::thread([] { std::this_thread::sleep_for(5ms); }).join();
}
void call_futex() {
    std::promise<int> promise;
    std::future<int> future = promise.get_future();
    std::thread thread([&] {
        std::this_thread::sleep_for(5ms);
        promise.set_value(42);
    });
    EXPECT_EQ(future.get(), 42);
    join(std::move(thread));
}
void call_fsync() {
    std::FILE* file = std::tmpfile();
    fsync(fileno(file));
    std::fclose(file);
}
void call_fdatasync() {
    std::FILE* file = std::tmpfile();
    fdatasync(fileno(file));
    std::fclose(file);
}
void call_flock() {
    std::string path = "/tmp/asyncbench-flock-XXXXXX";
    const int first = mkstemp(path.data());
    const int second = open(path.c_str(), O_RDWR);
    EXPECT_EQ(flock(first, LOCK_EX), 0);
    std::thread thread([&] {
        std::this_thread::sleep_for(5ms);
        flock(first, LOCK_UN);
    });
    EXPECT_EQ(flock(second, LOCK_EX), 0);
    join(std::move(thread));
    close(first);
    close(second);
    unlink(path.c_str());
}
void call_waitpid() {
    const pid_t child = fork();
    if (child == 0) {
        timespec time{0, 5'000'000};
        nanosleep(&time, nullptr);
        _exit(0);
    }
    EXPECT_EQ(waitpid(child, nullptr, 0), child);
}
void call_system() {
    EXPECT_EQ(system("true"), 0);
}
void call_curl_easy_perform() {
    CURL* handle = curl_easy_init();
    curl_easy_setopt(handle, CURLOPT_URL, "http://127.0.0.1:1/");
    EXPECT_NE(curl_easy_perform(handle), CURLE_OK);
    curl_easy_cleanup(handle);
}

#define CALL(function)              \
    Call {                          \
        #function, &call_##function \
    }
const Call calls[] = {
    CALL(connect),
    CALL(accept),
    CALL(accept4),
    CALL(read),
    CALL(readv),
    CALL(recv),
    CALL(recvfrom),
    CALL(recvmsg),
    CALL(write),
    CALL(writev),
    CALL(send),
    CALL(sendto),
    CALL(sendmsg),
    CALL(poll),
    CALL(ppoll),
    CALL(select),
    CALL(pselect),
    CALL(epoll_wait),
    CALL(epoll_pwait),
    CALL(usleep),
    CALL(nanosleep),
    CALL(clock_nanosleep),
    CALL(getaddrinfo),
    CALL(gethostbyname),
    CALL(pthread_cond_wait),
    CALL(pthread_cond_timedwait),
    CALL(pthread_cond_clockwait),
    CALL(pthread_mutex_lock),
    CALL(pthread_mutex_clocklock),
    CALL(pthread_rwlock_wrlock),
    CALL(sem_wait),
    CALL(sem_timedwait),
    CALL(pthread_join),
    CALL(futex),
    CALL(fsync),
    CALL(fdatasync),
    CALL(flock),
    CALL(waitpid),
    CALL(system),
    CALL(curl_easy_perform),
};
#undef CALL

class BlockingCalls : public ::testing::Test {
  protected:
    void SetUp() override {
        if (!blocking_calls_are_detectable()) {
            GTEST_SKIP() << "ThreadSanitizer defines the same functions";
        }
    }
    CollectedFindings findings_;
};

class EachBlockingCall : public BlockingCalls, public ::testing::WithParamInterface<Call> {};

Task<void> make_on_the_loop(Call call, Site /*site*/ = Site::here()) {
    call.make();
    co_return;
}

TEST_P(EachBlockingCall, IsCaughtByNameOnALoop) {
    const DetectBlockingCalls detecting;
    const int line = __LINE__ + 1;
    run_task(make_on_the_loop(GetParam()));
    const auto all = findings_.all();
    ASSERT_EQ(all.size(), 1U) << (all.empty() ? "nothing was caught" : all[1].message);
    EXPECT_EQ(all[0].kind, Finding::Kind::blocking_call);
    EXPECT_EQ(all[0].function, GetParam().name);
    EXPECT_GT(all[0].duration.value(), 0ns);
    EXPECT_THAT(all[0].coroutine, HasSubstr("make_on_the_loop"));
    EXPECT_EQ(all[0].created, std::string(__FILE__) + ":" + std::to_string(line));
    EXPECT_THAT(all[0].message, HasSubstr("() blocked the loop's thread for "));
}

TEST_P(EachBlockingCall, MayBlockOffTheLoop) {
    const DetectBlockingCalls detecting;
    GetParam().make();
    ThreadPool pool(1);
    pool.submit([] { GetParam().make(); });
    pool.wait();
    EXPECT_THAT(findings_.all(), IsEmpty());
}

TEST_P(EachBlockingCall, IsNotReportedWhereItIsAllowed) {
    {
        const DetectBlockingCalls detecting({.allow = {GetParam().name}});
        run_task(make_on_the_loop(GetParam()));
    }
    {
        const DetectBlockingCalls detecting({.mode = Mode::off});
        run_task(make_on_the_loop(GetParam()));
    }
    {
        const DetectBlockingCalls detecting;
        run_task([](Call call) -> Task<void> {
            const AllowBlocking allowed;
            call.make();
            co_return;
        }(GetParam()));
    }
    EXPECT_THAT(findings_.all(), IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(Of, EachBlockingCall, ::testing::ValuesIn(calls),
                         [](const auto& call) { return std::string(call.param.name); });

TEST_F(BlockingCalls, AreThrownInsteadOfMadeWhereThatIsAskedFor) {
    const DetectBlockingCalls detecting({.mode = Mode::throw_error});
    run_task([]() -> Task<void> {
        const auto begin = Clock::now();
        try {
            std::this_thread::sleep_for(1h);
            ADD_FAILURE() << "it slept";
        } catch (const BlockingCallError& error) {
            EXPECT_EQ(error.function(), "nanosleep");
            EXPECT_THAT(error.what(), HasSubstr("nanosleep() would block the loop's thread in `"));
            EXPECT_THAT(error.what(), HasSubstr("co_await sleep_for() instead"));
        }
        EXPECT_LT(Clock::now() - begin, 1min);
        EXPECT_THROW(call_getaddrinfo(), BlockingCallError);
        CURL* handle = curl_easy_init();
        EXPECT_THROW(curl_easy_perform(handle), BlockingCallError);
        curl_easy_cleanup(handle);
        co_return;
    }());
    EXPECT_THAT(findings_.all(), IsEmpty());
}

TEST_F(BlockingCalls, AreReportedWhereAnExceptionWouldPassThroughForeignCode) {
    const DetectBlockingCalls detecting({.mode = Mode::throw_error});
    // A lock may not throw; a condition variable and a thread's join are called by the standard library.
    run_task(make_on_the_loop({"", &call_pthread_mutex_lock}));
    run_task(make_on_the_loop({"", &call_pthread_join}));
    ASSERT_EQ(findings_.all().size(), 2U);
    EXPECT_EQ(findings_.all()[0].function, "pthread_mutex_lock");
    EXPECT_EQ(findings_.all()[1].function, "pthread_join");
}

TEST_F(BlockingCalls, AreNotWhatReturnsAtOnce) {
    const DetectBlockingCalls detecting;
    run_task([]() -> Task<void> {
        const Sockets sockets;
        char byte = 0;
        EXPECT_EQ(write(sockets.there(), "xy", 2), 2);
        pollfd one{sockets.here(), POLLIN, 0};
        EXPECT_EQ(poll(&one, 1, 1000), 1);
        EXPECT_EQ(read(sockets.here(), &byte, 1), 1);
        EXPECT_EQ(recv(sockets.here(), &byte, 1, 0), 1);
        EXPECT_EQ(poll(&one, 1, 0), 0);
        EXPECT_EQ(recv(sockets.here(), &byte, 1, MSG_DONTWAIT), -1);
        fcntl(sockets.here(), F_SETFL, O_NONBLOCK);
        EXPECT_EQ(read(sockets.here(), &byte, 1), -1);

        addrinfo* found = nullptr;
        EXPECT_EQ(getaddrinfo("127.0.0.1", nullptr, nullptr, &found), 0);
        freeaddrinfo(found);

        std::mutex mutex;
        {
            const std::lock_guard lock(mutex);
        }
        std::promise<int> promise;
        promise.set_value(1);
        EXPECT_EQ(promise.get_future().get(), 1);
        usleep(0);
        EXPECT_EQ(write(STDERR_FILENO, "", 0), 0);
        co_return;
    }());
    EXPECT_THAT(findings_.all(), IsEmpty());
}

TEST_F(BlockingCalls, CountAFileThatIsReadAtOnceOnlyWhereReadingIsDenied) {
    const auto read_a_file = []() -> Task<void> {
        std::string path = "/tmp/asyncbench-read-XXXXXX";
        const int file = mkstemp(path.data());
        char byte = 0;
        EXPECT_EQ(read(file, &byte, 1), 0);
        close(file);
        unlink(path.c_str());
        co_return;
    };
    {
        const DetectBlockingCalls detecting;
        run_task(read_a_file());
    }
    EXPECT_THAT(findings_.all(), IsEmpty());
    const DetectBlockingCalls detecting({.deny = {"read"}});
    run_task(read_a_file());
    ASSERT_EQ(findings_.all().size(), 1U);
    EXPECT_EQ(findings_.all()[0].function, "read");
}

TEST_F(BlockingCalls, KeepErrno) {
    const DetectBlockingCalls detecting;
    run_task([]() -> Task<void> {
        sem_t semaphore;
        sem_init(&semaphore, 0, 0);
        const timespec end = in_5_ms(CLOCK_REALTIME);
        errno = 0;
        EXPECT_EQ(sem_timedwait(&semaphore, &end), -1);
        EXPECT_EQ(errno, ETIMEDOUT);
        co_return;
    }());
    EXPECT_EQ(findings_.all().size(), 1U);
}

TEST_F(BlockingCalls, AreNotTheWaitsOfTheLoop) {
    const DetectBlockingCalls detecting;
    run_task([]() -> Task<void> { co_await sleep_for(3ms); }());
    EXPECT_THAT(findings_.all(), IsEmpty());
}

TEST_F(BlockingCalls, GoByTheInnermostSettings) {
    const DetectBlockingCalls outer;
    {
        const DetectBlockingCalls inner({.allow = {"usleep"}});
        run_task(make_on_the_loop({"", &call_usleep}));
        EXPECT_THAT(findings_.all(), IsEmpty());
    }
    run_task(make_on_the_loop({"", &call_usleep}));
    EXPECT_EQ(findings_.all().size(), 1U);
}

}  // namespace asyncbench::blocking_calls_tests
