#pragma once

#include <chrono>
#include <cstdint>
#include <memory>

#include "async/clock.hpp"
#include "async/histogram.hpp"

namespace asyncbench {

struct StallOptions {
    /// A step that lasts as long is a stall: 1 ms or more. As in asyncio's debug mode, 100 ms.
    Nanoseconds threshold = std::chrono::milliseconds(100);
    /// Further reports are counted and not made.
    std::uint32_t reports_per_minute = 10;
    /// Interrupts the loop's thread by a signal to see where it is. Calls that SA_RESTART does not restart
    /// (signal(7): poll, select, epoll_wait, nanosleep, those with a timeout) end with EINTR in a step that
    /// stalls, once a report;
    /// while blocking calls are detected (blocking_calls.hpp), waits for time and descriptors go on instead.
    bool backtraces = true;
    /// How often a callback is posted to each loop, to measure how late it runs; zero for never.
    Nanoseconds lag_interval = std::chrono::milliseconds(20);
};

/// One thread that watches every Loop::run() entered while it lives, and reports a step that lasts as long as
/// the threshold *while* it lasts, and again whenever that time has doubled: which coroutine runs, where it
/// was created, the thread's backtrace, and whether it computes (CPU clock) or is parked. Time that the
/// system gave to other threads (run delay) does not count, so that a busy machine is no stall.
///
/// A step is what a loop runs without looking for other work: a callback, or a coroutine between two waits.
/// A handler of foreign Asio code that ends a wait of the loop is seen from its second step on.
///
/// Where there are several, the last one made watches. Throws UsageError for a threshold below 1 ms.
class StallWatchdog {
  public:
    explicit StallWatchdog(const StallOptions& options = {});
    ~StallWatchdog();
    StallWatchdog(const StallWatchdog&) = delete;
    StallWatchdog& operator=(const StallWatchdog&) = delete;

    /// Steps over the threshold that have ended, by their whole duration in nanoseconds.
    Histogram stalls_ns() const;
    /// How late the posted callbacks ran, in nanoseconds.
    Histogram lag_ns() const;
    /// Reports not made because of the limit.
    std::uint64_t suppressed() const;

    class Impl;

  private:
    std::shared_ptr<Impl> impl_;
};

}  // namespace asyncbench
