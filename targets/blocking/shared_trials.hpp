#pragma once

#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "async/clock.hpp"
#include "targets/trial_stats.hpp"

namespace asyncbench::blocking {

/// The trial book of a target with many threads. All members may be called from any of them.
class SharedTrials {
  public:
    /// A response that is being written; it is open until ended() is told of it.
    using Ticket = std::uint64_t;

    /// Counts a request, and its connection when `last`, the trial of the connection's request before, is
    /// another one; then changes `last`.
    void arrived(std::string_view trial, std::shared_ptr<TrialStats>& last);

    Ticket started();

    /// What became of a response.
    struct Written {
        std::optional<Nanoseconds> held;  ///< of its request, where its first byte was written
        Nanoseconds intended{0};
        bool stamped = false;
        std::optional<std::uint64_t> served_id;  ///< where all of it was written
    };
    void ended(Ticket ticket, TrialStats& trial, const Written& written);

    /// Waits, at most a second, for the responses being written when it was called: a client may have read
    /// one before the thread that wrote it came to count it.
    std::string json(std::string_view trial);

  private:
    std::mutex mutex_;
    std::condition_variable some_ended_;
    TrialBook book_;
    std::set<Ticket> open_;
    Ticket next_ = 0;
};

}  // namespace asyncbench::blocking
