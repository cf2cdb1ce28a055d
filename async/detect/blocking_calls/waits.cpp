// Calls that wait for time or for descriptors.

#include "async/detect/blocking_calls/available.hpp"
#include "async/detect/blocking_calls/interpose.hpp"

#ifdef ASYNCBENCH_INTERPOSES

#include <poll.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <ctime>
#include <limits>

#include "async/clock.hpp"

using asyncbench::Clock;
using asyncbench::Nanoseconds;
using asyncbench::TimePoint;
using asyncbench::detail::must_not_block;
using asyncbench::detail::Real;
using asyncbench::detail::Wait;
using asyncbench::detail::watch_call;
using asyncbench::detail::watchdog_signals;

namespace {

constexpr timespec no_time{};

/// The three sets of a select(), to ask with and to give back.
class SelectSets {
  public:
    SelectSets(fd_set* read, fd_set* write, fd_set* except) : given_{read, write, except} {
        for (int i = 0; i < 3; ++i) {
            if (given_[i] != nullptr) {
                asked_[i] = *given_[i];
            }
        }
    }
    fd_set* asked(int which) { return given_[which] == nullptr ? nullptr : &asked_[which]; }
    void give_back() {
        for (int i = 0; i < 3; ++i) {
            if (given_[i] != nullptr) {
                *given_[i] = asked_[i];
            }
        }
    }

  private:
    fd_set* given_[3];
    fd_set asked_[3]{};
};

bool is_zero(const timespec* time) {
    return time != nullptr && time->tv_sec == 0 && time->tv_nsec == 0;
}

/// What is left of a call's timeout when the call is made again.
class TimeLeft {
  public:
    explicit TimeLeft(int milliseconds) : endless_(milliseconds < 0) {
        end_ += std::chrono::milliseconds(std::max(milliseconds, 0));
    }
    explicit TimeLeft(const timespec* time) : endless_(time == nullptr) {
        if (time != nullptr) {
            end_ += std::chrono::seconds(time->tv_sec) + Nanoseconds(time->tv_nsec);
        }
    }

    /// Rounded up, so that the last wait is not many of 0.
    int milliseconds() const {
        if (endless_) {
            return -1;
        }
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(now()).count();
        return static_cast<int>(std::min<decltype(left)>(left, std::numeric_limits<int>::max()));
    }
    /// Null for a call without a timeout; else valid until the next call.
    const timespec* time() {
        const Nanoseconds left = now();
        const auto seconds = std::chrono::floor<std::chrono::seconds>(left);
        time_ = {.tv_sec = seconds.count(), .tv_nsec = (left - seconds).count()};
        return endless_ ? nullptr : &time_;
    }

  private:
    Nanoseconds now() const { return std::max(Nanoseconds(end_ - Clock::now()), Nanoseconds(0)); }

    bool endless_;
    TimePoint end_ = Clock::now();
    timespec time_{};
};

/// Makes a call again where the watchdog's signal alone ended it: to be watched must not shorten a wait.
template <class Call>
int uncut(Call call) {
    while (true) {
        const unsigned signals = watchdog_signals;
        const int result = call();
        if (result != -1 || errno != EINTR || signals == watchdog_signals) {
            return result;
        }
    }
}

/// nanosleep(2) for the whole of `left`, of which another signal leaves a rest there.
int sleep_uncut(timespec& left) {
    static constinit Real<decltype(::nanosleep)> real("nanosleep");
    return uncut([&left] {
        const timespec time = left;
        return real(&time, &left);
    });
}

}  // namespace

extern "C" {

int poll(pollfd* descriptors, nfds_t count, int timeout) {
    static constinit Real<decltype(::poll)> real("poll");
    if (!must_not_block() || timeout == 0) [[likely]] {
        return real(descriptors, count, timeout);
    }
    const int at_once = real(descriptors, count, 0);
    return watch_call(
        "poll", at_once == 0 ? Wait::certain : Wait::no, ASYNCBENCH_CALLER, [&, left = TimeLeft(timeout)] {
            return at_once != 0 ? at_once
                                : uncut([&] { return real(descriptors, count, left.milliseconds()); });
        });
}

int ppoll(pollfd* descriptors, nfds_t count, const timespec* timeout, const sigset_t* mask) {
    static constinit Real<decltype(::ppoll)> real("ppoll");
    if (!must_not_block() || is_zero(timeout)) [[likely]] {
        return real(descriptors, count, timeout, mask);
    }
    const int at_once = real(descriptors, count, &no_time, mask);
    return watch_call("ppoll", at_once == 0 ? Wait::certain : Wait::no, ASYNCBENCH_CALLER,
                      [&, left = TimeLeft(timeout)]() mutable {
                          return at_once != 0
                                     ? at_once
                                     : uncut([&] { return real(descriptors, count, left.time(), mask); });
                      });
}

// NOLINTNEXTLINE(bugprone-reserved-identifier): the C library's name
int __poll_chk(pollfd* descriptors, nfds_t count, int timeout, size_t room) {
    static constinit Real<int(pollfd*, nfds_t, int, size_t)> real("__poll_chk");
    return room / sizeof(pollfd) < count ? real(descriptors, count, timeout, room)
                                         : poll(descriptors, count, timeout);
}

int select(int count, fd_set* read, fd_set* write, fd_set* except, timeval* timeout) {
    static constinit Real<decltype(::select)> real("select");
    if (!must_not_block() || (timeout != nullptr && timeout->tv_sec == 0 && timeout->tv_usec == 0))
        [[likely]] {
        return real(count, read, write, except, timeout);
    }
    SelectSets sets(read, write, except);
    timeval now{};
    const int at_once = real(count, sets.asked(0), sets.asked(1), sets.asked(2), &now);
    if (at_once != 0) {
        sets.give_back();
    }
    return watch_call(
        "select", at_once == 0 ? Wait::certain : Wait::no, ASYNCBENCH_CALLER,
        // Linux leaves the sets alone and writes the time that is left.
        [&] {
            return at_once != 0 ? at_once : uncut([&] { return real(count, read, write, except, timeout); });
        });
}

int pselect(int count, fd_set* read, fd_set* write, fd_set* except, const timespec* timeout,
            const sigset_t* mask) {
    static constinit Real<decltype(::pselect)> real("pselect");
    if (!must_not_block() || is_zero(timeout)) [[likely]] {
        return real(count, read, write, except, timeout, mask);
    }
    SelectSets sets(read, write, except);
    const int at_once = real(count, sets.asked(0), sets.asked(1), sets.asked(2), &no_time, mask);
    if (at_once != 0) {
        sets.give_back();
    }
    return watch_call("pselect", at_once == 0 ? Wait::certain : Wait::no, ASYNCBENCH_CALLER,
                      [&, left = TimeLeft(timeout)]() mutable {
                          return at_once != 0 ? at_once : uncut([&] {
                              return real(count, read, write, except, left.time(), mask);
                          });
                      });
}

int epoll_wait(int epoll, epoll_event* events, int room, int timeout) {
    static constinit Real<decltype(::epoll_wait)> real("epoll_wait");
    if (!must_not_block() || timeout == 0) [[likely]] {
        return real(epoll, events, room, timeout);
    }
    const int at_once = real(epoll, events, room, 0);
    return watch_call("epoll_wait", at_once == 0 ? Wait::certain : Wait::no, ASYNCBENCH_CALLER,
                      [&, left = TimeLeft(timeout)] {
                          return at_once != 0
                                     ? at_once
                                     : uncut([&] { return real(epoll, events, room, left.milliseconds()); });
                      });
}

int epoll_pwait(int epoll, epoll_event* events, int room, int timeout, const sigset_t* mask) {
    static constinit Real<decltype(::epoll_pwait)> real("epoll_pwait");
    if (!must_not_block() || timeout == 0) [[likely]] {
        return real(epoll, events, room, timeout, mask);
    }
    const int at_once = real(epoll, events, room, 0, mask);
    return watch_call("epoll_pwait", at_once == 0 ? Wait::certain : Wait::no, ASYNCBENCH_CALLER,
                      [&, left = TimeLeft(timeout)] {
                          return at_once != 0 ? at_once : uncut([&] {
                              return real(epoll, events, room, left.milliseconds(), mask);
                          });
                      });
}

unsigned sleep(unsigned seconds) {
    static constinit Real<decltype(::sleep)> real("sleep");
    if (!must_not_block() || seconds == 0) [[likely]] {
        return real(seconds);
    }
    return watch_call("sleep", Wait::certain, ASYNCBENCH_CALLER, [&] {
        timespec left{.tv_sec = static_cast<time_t>(seconds), .tv_nsec = 0};
        return sleep_uncut(left) == 0 ? 0U : static_cast<unsigned>(left.tv_sec + (left.tv_nsec > 0 ? 1 : 0));
    });
}

int usleep(useconds_t microseconds) {
    static constinit Real<decltype(::usleep)> real("usleep");
    if (!must_not_block() || microseconds == 0) [[likely]] {
        return real(microseconds);
    }
    return watch_call("usleep", Wait::certain, ASYNCBENCH_CALLER, [&] {
        timespec left{.tv_sec = microseconds / 1'000'000, .tv_nsec = microseconds % 1'000'000 * 1'000L};
        return sleep_uncut(left);
    });
}

int nanosleep(const timespec* time, timespec* left) {
    static constinit Real<decltype(::nanosleep)> real("nanosleep");
    if (!must_not_block() || time == nullptr || is_zero(time)) [[likely]] {
        return real(time, left);
    }
    return watch_call("nanosleep", Wait::certain, ASYNCBENCH_CALLER, [&] {
        timespec rest = *time;
        const int result = sleep_uncut(rest);
        if (result != 0 && left != nullptr) {
            *left = rest;
        }
        return result;
    });
}

int clock_nanosleep(clockid_t clock, int flags, const timespec* time, timespec* left) {
    static constinit Real<decltype(::clock_nanosleep)> real("clock_nanosleep");
    timespec now{};
    const auto has_passed = [&] {
        if ((flags & TIMER_ABSTIME) == 0) {
            return is_zero(time);
        }
        return clock_gettime(clock, &now) == 0 &&
               (now.tv_sec > time->tv_sec || (now.tv_sec == time->tv_sec && now.tv_nsec >= time->tv_nsec));
    };
    if (!must_not_block() || time == nullptr || has_passed()) [[likely]] {
        return real(clock, flags, time, left);
    }
    return watch_call("clock_nanosleep", Wait::certain, ASYNCBENCH_CALLER, [&] {
        const bool absolute = (flags & TIMER_ABSTIME) != 0;
        timespec rest = *time;
        const int errno_before = errno;
        int error = 0;  // returned, not left in errno
        uncut([&] {
            const timespec asked = rest;
            error = real(clock, flags, &asked, absolute ? nullptr : &rest);
            errno = error;
            return error == 0 ? 0 : -1;
        });
        errno = errno_before;
        if (error == EINTR && !absolute && left != nullptr) {
            *left = rest;
        }
        return error;
    });
}

}  // extern "C"

#endif
