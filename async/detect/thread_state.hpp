#pragma once

#include <pthread.h>
#include <sys/types.h>

#include <cstdint>

#include "async/clock.hpp"

namespace asyncbench::detail {

/// What a thread has done since it began.
struct ThreadState {
    Nanoseconds cpu{0};           ///< pthread_getcpuclockid()
    Nanoseconds kept_waiting{0};  ///< runnable, but not on a processor; 0 where the kernel does not tell
    std::uint64_t voluntary_switches = 0;  ///< how often it gave up the processor to wait
    bool runnable = false;                 ///< now: on a processor, or waiting for one
};

/// Reads the state of one thread of this process, from another. The thread must live during a read().
class ThreadStateReader {
  public:
    ThreadStateReader(pthread_t thread, pid_t id);
    ~ThreadStateReader();
    ThreadStateReader(const ThreadStateReader&) = delete;
    ThreadStateReader& operator=(const ThreadStateReader&) = delete;

    ThreadState read() const;

  private:
    clockid_t cpu_clock_{};
    bool has_cpu_clock_;
    int status_;     // /proc/self/task/ID/status, or -1
    int schedstat_;  // /proc/self/task/ID/schedstat, or -1
};

}  // namespace asyncbench::detail
