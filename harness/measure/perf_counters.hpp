#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>

namespace asyncbench {

/// What a hardware counter counted, or why it could not.
struct CounterValue {
    std::optional<std::uint64_t> value;
    std::string reason;  ///< why there is no value; empty where there is one
};

struct PerfValues {
    CounterValue instructions;
    CounterValue cycles;
};

/// Hardware counters in user space of a process, this one unless told otherwise: of its thread (here, the one
/// that makes this object), and of all threads and processes that it and its descendants start afterwards,
/// also after they ended. Threads that are there before are not counted, so make it before the first. Where
/// the kernel or the machine has no counters (most virtual machines) nothing throws: the values have reasons.
/// Use from one thread.
class PerfCounters {
  public:
    explicit PerfCounters(pid_t process = 0);
    ~PerfCounters();
    PerfCounters(const PerfCounters&) = delete;
    PerfCounters& operator=(const PerfCounters&) = delete;

    /// Counts from 0 again.
    void start();
    /// Ends what start() began and keeps the values. Without start() before it, the values stay unknown.
    void stop();

    /// Between the last start() and its stop().
    const PerfValues& values() const { return values_; }

  private:
    /// What read(2) gives for one counter, see perf_event_open(2).
    struct Reading {
        std::uint64_t value = 0;
        std::uint64_t enabled_ns = 0;
        std::uint64_t running_ns =
            0;  ///< less than enabled where the hardware was shared with other counters
    };
    struct Counter {
        int descriptor = -1;
        std::string refusal;  ///< why it could not be opened
        std::optional<Reading> began;
    };

    static Counter open(std::uint64_t hardware_event, pid_t process);
    static void start(Counter& counter);
    static CounterValue stop(Counter& counter);
    static std::optional<Reading> read(const Counter& counter);

    Counter instructions_;
    Counter cycles_;
    PerfValues values_;
};

/// Why the kernel refused perf_event_open with this errno, and what a user can do about it.
std::string perf_refusal(int error, const std::optional<std::string>& paranoid);

}  // namespace asyncbench
