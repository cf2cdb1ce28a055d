// Calls that wait for other threads. Those that the C library declares to throw nothing never do.

#include "async/detect/blocking_calls/available.hpp"
#include "async/detect/blocking_calls/interpose.hpp"

#ifdef ASYNCBENCH_INTERPOSES

#include <linux/futex.h>
#include <pthread.h>
#include <semaphore.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstdarg>
#include <cstdint>

using asyncbench::detail::must_not_block;
using asyncbench::detail::Real;
using asyncbench::detail::Wait;
using asyncbench::detail::watch_call;

#if defined(__x86_64__)
#define CONDITION_VERSION "GLIBC_2.3.2"
#else
#define CONDITION_VERSION nullptr
#endif

namespace {

// A lock that is free is taken at once; whether one that is not is held for long shows afterwards.
template <class Try, class Lock>
int take_lock(const char* function, Try try_lock, Lock lock) {
    if (const int result = try_lock(); result != EBUSY) {
        return watch_call(function, Wait::no, ASYNCBENCH_NO_CALLER, [&] { return result; });
    }
    return watch_call(function, Wait::possible, ASYNCBENCH_NO_CALLER, lock);
}

bool waits_on_futex(long operation) {
    const long command = operation & FUTEX_CMD_MASK;
    return command == FUTEX_WAIT || command == FUTEX_WAIT_BITSET;
}

bool has_changed(long address, long value) {
    const auto* const futex =
        reinterpret_cast<const std::uint32_t*>(address);  // NOLINT(performance-no-int-to-ptr)
    return __atomic_load_n(futex, __ATOMIC_RELAXED) != static_cast<std::uint32_t>(value);
}

}  // namespace

extern "C" {

int pthread_mutex_lock(pthread_mutex_t* mutex) noexcept {
    static constinit Real<int(pthread_mutex_t*)> real("pthread_mutex_lock");
    if (!must_not_block()) [[likely]] {
        return real(mutex);
    }
    return take_lock(
        "pthread_mutex_lock", [&] { return pthread_mutex_trylock(mutex); }, [&] { return real(mutex); });
}

int pthread_mutex_timedlock(pthread_mutex_t* mutex, const timespec* end) noexcept {
    static constinit Real<int(pthread_mutex_t*, const timespec*)> real("pthread_mutex_timedlock");
    if (!must_not_block()) [[likely]] {
        return real(mutex, end);
    }
    return take_lock(
        "pthread_mutex_timedlock", [&] { return pthread_mutex_trylock(mutex); },
        [&] { return real(mutex, end); });
}

int pthread_mutex_clocklock(pthread_mutex_t* mutex, clockid_t clock, const timespec* end) noexcept {
    static constinit Real<int(pthread_mutex_t*, clockid_t, const timespec*)> real("pthread_mutex_clocklock");
    if (!must_not_block()) [[likely]] {
        return real(mutex, clock, end);
    }
    return take_lock(
        "pthread_mutex_clocklock", [&] { return pthread_mutex_trylock(mutex); },
        [&] { return real(mutex, clock, end); });
}

int pthread_rwlock_rdlock(pthread_rwlock_t* lock) noexcept {
    static constinit Real<int(pthread_rwlock_t*)> real("pthread_rwlock_rdlock");
    if (!must_not_block()) [[likely]] {
        return real(lock);
    }
    return take_lock(
        "pthread_rwlock_rdlock", [&] { return pthread_rwlock_tryrdlock(lock); }, [&] { return real(lock); });
}

int pthread_rwlock_wrlock(pthread_rwlock_t* lock) noexcept {
    static constinit Real<int(pthread_rwlock_t*)> real("pthread_rwlock_wrlock");
    if (!must_not_block()) [[likely]] {
        return real(lock);
    }
    return take_lock(
        "pthread_rwlock_wrlock", [&] { return pthread_rwlock_trywrlock(lock); }, [&] { return real(lock); });
}

int pthread_cond_wait(pthread_cond_t* condition, pthread_mutex_t* mutex) {
    static constinit Real<decltype(::pthread_cond_wait)> real("pthread_cond_wait", CONDITION_VERSION);
    if (!must_not_block()) [[likely]] {
        return real(condition, mutex);
    }
    return watch_call("pthread_cond_wait", Wait::certain, ASYNCBENCH_CALLER,
                      [&] { return real(condition, mutex); });
}

int pthread_cond_timedwait(pthread_cond_t* condition, pthread_mutex_t* mutex, const timespec* end) {
    static constinit Real<decltype(::pthread_cond_timedwait)> real("pthread_cond_timedwait",
                                                                   CONDITION_VERSION);
    if (!must_not_block()) [[likely]] {
        return real(condition, mutex, end);
    }
    return watch_call("pthread_cond_timedwait", Wait::certain, ASYNCBENCH_CALLER,
                      [&] { return real(condition, mutex, end); });
}

int pthread_cond_clockwait(pthread_cond_t* condition, pthread_mutex_t* mutex, clockid_t clock,
                           const timespec* end) {
    static constinit Real<decltype(::pthread_cond_clockwait)> real("pthread_cond_clockwait");
    if (!must_not_block()) [[likely]] {
        return real(condition, mutex, clock, end);
    }
    return watch_call("pthread_cond_clockwait", Wait::certain, ASYNCBENCH_CALLER,
                      [&] { return real(condition, mutex, clock, end); });
}

int pthread_join(pthread_t thread, void** result) {
    static constinit Real<decltype(::pthread_join)> real("pthread_join");
    if (!must_not_block()) [[likely]] {
        return real(thread, result);
    }
    const int at_once = pthread_tryjoin_np(thread, result);
    // A thread that has done its work may need some microseconds to end, as libcurl's resolver does.
    return watch_call("pthread_join", at_once == EBUSY ? Wait::possible : Wait::no, ASYNCBENCH_CALLER,
                      [&] { return at_once == EBUSY ? real(thread, result) : at_once; });
}

int sem_wait(sem_t* semaphore) {
    static constinit Real<decltype(::sem_wait)> real("sem_wait");
    if (!must_not_block()) [[likely]] {
        return real(semaphore);
    }
    const bool at_once = sem_trywait(semaphore) == 0;
    return watch_call("sem_wait", at_once ? Wait::no : Wait::certain, ASYNCBENCH_CALLER,
                      [&] { return at_once ? 0 : real(semaphore); });
}

int sem_timedwait(sem_t* semaphore, const timespec* end) {
    static constinit Real<decltype(::sem_timedwait)> real("sem_timedwait");
    if (!must_not_block()) [[likely]] {
        return real(semaphore, end);
    }
    const bool at_once = sem_trywait(semaphore) == 0;
    return watch_call("sem_timedwait", at_once ? Wait::no : Wait::certain, ASYNCBENCH_CALLER,
                      [&] { return at_once ? 0 : real(semaphore, end); });
}

// std::future, std::atomic::wait, std::latch and std::counting_semaphore of libstdc++ wait so.
long syscall(long number, ...) noexcept {
    static constinit Real<long(long, long, long, long, long, long, long)> real("syscall");
    std::va_list list;
    va_start(list, number);
    // As many as a system call can have; those that were not given are not looked at.
    const long a = va_arg(list, long);
    const long b = va_arg(list, long);
    const long c = va_arg(list, long);
    const long d = va_arg(list, long);
    const long e = va_arg(list, long);
    const long f = va_arg(list, long);
    va_end(list);
    if (number != SYS_futex || !waits_on_futex(b) || !must_not_block() || has_changed(a, c)) [[likely]] {
        return real(number, a, b, c, d, e, f);
    }
    return watch_call("futex", Wait::certain, ASYNCBENCH_NO_CALLER,
                      [&] { return real(number, a, b, c, d, e, f); });
}

}  // extern "C"

#endif
