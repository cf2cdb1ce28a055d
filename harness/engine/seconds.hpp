#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "async/histogram.hpp"
#include "harness/engine/load_second.hpp"

namespace asyncbench {

/// What one thread saw in one second of the measured time.
struct SecondOfThread {
    std::uint32_t second = 0;
    std::uint64_t sent = 0;
    std::uint64_t answered = 0;
    ErrorCounts errors;
    std::uint64_t received_bytes = 0;
    Histogram response_time_ns;

    /// With room for any time, so that recording allocates nothing.
    SecondOfThread();
    void clear();
};

/// Takes from each thread what it saw of a second, and makes one of all of them. A thread hands over a
/// pointer and gets an empty record back: what takes time is done by the thread that waits in run().
class Seconds {
  public:
    /// `observer` may be empty; it hears of each second when all threads have told of it.
    Seconds(std::uint32_t threads, std::function<void(const LoadSoFar&)> observer);

    /// From a thread of the generator, about once a second: an empty record in exchange.
    std::unique_ptr<SecondOfThread> hand_over(std::uint32_t thread, std::unique_ptr<SecondOfThread> full);
    /// The thread has handed over its last.
    void ended(std::uint32_t thread);

    /// Until all threads have ended.
    void run();
    std::vector<LoadSecond> take() { return std::move(seconds_); }

  private:
    static constexpr std::uint32_t all_told = ~std::uint32_t{0};

    void add(const SecondOfThread& part);
    void close_until(std::uint32_t second);

    std::function<void(const LoadSoFar&)> observer_;
    LoadSoFar so_far_;
    std::vector<LoadSecond> seconds_;
    std::map<std::uint32_t, SecondOfThread> open_;  ///< of which not all threads have told

    std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<std::unique_ptr<SecondOfThread>> full_;
    std::vector<std::unique_ptr<SecondOfThread>> empty_;
    std::vector<std::uint32_t> next_;  ///< of each thread, the first second that it has not told of
};

}  // namespace asyncbench
