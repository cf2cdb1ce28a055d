#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "async/clock.hpp"

namespace asyncbench {

/// How many CPUs this process may run on, by sched_getaffinity(2): a container's CPU set or `taskset` leave
/// fewer than are online. None where the kernel does not say.
std::optional<unsigned> allowed_cpus();

/// What the control groups of this process, its own and those above it, allow it of CPU time, and how often
/// they have stopped it. Groups above a container's own are hidden from it, and so is a quota that they have.
struct CpuQuota {
    /// The least that a group allows, in CPUs: 0.5 is half of one's time. None where no group has a quota, or
    /// none could be read; `reason` says which.
    std::optional<double> cores;
    std::string reason;        ///< why there is no `cores`
    bool is_readable = false;  ///< a group told its quota or that it has none

    std::uint64_t periods = 0;          ///< that groups with a quota have counted
    std::uint64_t stopped_periods = 0;  ///< of these, in which a group had spent its quota
    /// Time for which groups with a quota were stopped so far. The kernel adds up that of each CPU. None
    /// where no group tells it.
    std::optional<Nanoseconds> throttled;
    std::string why_not_throttled;  ///< why there is no `throttled`
};

/// Reads /proc/self/cgroup, where that is mounted, and the groups named there, of version 1 or 2; some ten
/// small files. `root` is put before each path; empty for this machine. Any thread. Never throws for what
/// cannot be read.
CpuQuota read_cpu_quota(const std::string& root = "");

/// Time for which the groups were stopped in between over `wall`, at most 1: two CPUs that were stopped count
/// twice. None where either does not tell it, or no time went by.
std::optional<double> throttled_share(const CpuQuota& before, const CpuQuota& after, Nanoseconds wall);

}  // namespace asyncbench
