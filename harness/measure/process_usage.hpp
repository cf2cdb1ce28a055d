#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <optional>

#include "async/clock.hpp"

namespace asyncbench {

/// What this process has used since it began, ended threads included, and how large it is now.
struct ProcessUsage {
    std::chrono::microseconds cpu_user{0};
    std::chrono::microseconds cpu_system{0};
    std::uint64_t voluntary_switches = 0;    ///< gave the CPU up to wait
    std::uint64_t involuntary_switches = 0;  ///< lost the CPU
    std::uint64_t peak_rss_bytes = 0;        ///< since this program was started
    std::uint64_t rss_bytes = 0;             ///< now
    std::uint32_t threads = 0;               ///< now

    std::chrono::microseconds cpu() const { return cpu_user + cpu_system; }
    bool operator==(const ProcessUsage&) const = default;
};

/// Of this process. Any thread; some ten microseconds. Throws Error where /proc is not there.
ProcessUsage read_process_usage();

/// What was used in between: CPU times and switches are differences, memory and threads those of `later`.
ProcessUsage operator-(const ProcessUsage& later, const ProcessUsage& earlier);

/// How long the threads of this process, added up, have been ready to run and had no CPU; none where the
/// kernel does not say. Of threads that live: those that ended take their part with them. Any thread; ten
/// microseconds a thread. Source: `run_delay` of the kernel's Documentation/scheduler/sched-stats.rst,
/// /proc/<pid>/task/<tid>/schedstat.
std::optional<Nanoseconds> process_cpu_wait();

/// CPU time, user and system, of another process with all its threads; none where there is no such process.
/// Keeps its value for a child that ended, until it is waited for.
std::optional<Nanoseconds> process_cpu_time(pid_t process);

/// The sum of process_cpu_time() over the processes of a group; none where there is none. A shell that runs a
/// program waits for it, so that the CPU time of a command is its group's and not the shell's.
std::optional<Nanoseconds> process_group_cpu_time(pid_t group);

}  // namespace asyncbench
