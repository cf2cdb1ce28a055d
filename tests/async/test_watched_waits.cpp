// Waits inside a step that the watchdog interrupts to see what it does.
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <csignal>
#include <ctime>
#include <ostream>

#include "async/detect/blocking_calls.hpp"
#include "async/detect/diagnose.hpp"
#include "async/task.hpp"
#include "tests/async/run_task.hpp"

namespace asyncbench::watched_waits_tests {

using namespace std::chrono_literals;
using testing::run_task;

/// Long enough for the watchdog's signal to come several times.
constexpr auto waiting_time = 20ms;
constexpr timespec waiting_timespec{.tv_sec = 0, .tv_nsec = 20'000'000};

struct WatchedWait {
    const char* name;
    int (*wait)();  ///< what the call returned, 0 after its whole time
};

void PrintTo(const WatchedWait& wait, std::ostream* out) {
    *out << wait.name;
}

int absolute_sleep() {
    timespec end{};
    clock_gettime(CLOCK_MONOTONIC, &end);
    end.tv_nsec += waiting_timespec.tv_nsec;
    if (end.tv_nsec >= 1'000'000'000) {
        end.tv_nsec -= 1'000'000'000;
        ++end.tv_sec;
    }
    return clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &end, nullptr);
}

int wait_for_epoll(int (*wait)(int, epoll_event*)) {
    const int epoll = epoll_create1(0);
    epoll_event event{};
    const int result = wait(epoll, &event);
    close(epoll);
    return result;
}

int select_for_its_time() {
    timeval time{.tv_sec = 0, .tv_usec = 20'000};
    return select(0, nullptr, nullptr, nullptr, &time);
}

constexpr WatchedWait watched_waits[] = {
    {"poll", [] { return poll(nullptr, 0, 20); }},
    {"ppoll", [] { return ppoll(nullptr, 0, &waiting_timespec, nullptr); }},
    {"select", select_for_its_time},
    {"pselect", [] { return pselect(0, nullptr, nullptr, nullptr, &waiting_timespec, nullptr); }},
    {"epoll_wait",
     [] {
         return wait_for_epoll([](int epoll, epoll_event* event) { return epoll_wait(epoll, event, 1, 20); });
     }},
    {"epoll_pwait",
     [] {
         return wait_for_epoll(
             [](int epoll, epoll_event* event) { return epoll_pwait(epoll, event, 1, 20, nullptr); });
     }},
    {"usleep", [] { return usleep(20'000); }},
    {"nanosleep", [] { return nanosleep(&waiting_timespec, nullptr); }},
    {"clock_nanosleep", [] { return clock_nanosleep(CLOCK_MONOTONIC, 0, &waiting_timespec, nullptr); }},
    {"absolute clock_nanosleep", absolute_sleep},
};

class WatchedWaits : public ::testing::TestWithParam<WatchedWait> {};

Task<void> wait_in_a_step(int (*wait)(), Nanoseconds& took) {
    const TimePoint began = Clock::now();
    EXPECT_EQ(wait(), 0);
    took = Clock::now() - began;
    co_return;
}

TEST_P(WatchedWaits, LastTheirWholeTime) {
    const Diagnose diagnose({.stalls = {.threshold = 1ms}, .tell = false});
    Nanoseconds took{0};
    run_task(wait_in_a_step(GetParam().wait, took));
    EXPECT_GE(took, waiting_time);
}

INSTANTIATE_TEST_SUITE_P(OfTheSystem, WatchedWaits, ::testing::ValuesIn(watched_waits));

TEST(WatchedWaits, EndEarlyForASignalOfTheProgramItself) {
    struct sigaction action{};
    struct sigaction before{};
    action.sa_handler = [](int) {};
    sigaction(SIGALRM, &action, &before);
    const Diagnose diagnose({.stalls = {.threshold = 100s}, .tell = false});
    run_task([]() -> Task<void> {
        ualarm(5'000, 0);
        timespec left{};
        const timespec time{.tv_sec = 10, .tv_nsec = 0};
        EXPECT_EQ(nanosleep(&time, &left), -1);
        EXPECT_EQ(errno, EINTR);
        EXPECT_GT(left.tv_sec, 0);
        co_return;
    }());
    sigaction(SIGALRM, &before, nullptr);
}

}  // namespace asyncbench::watched_waits_tests
