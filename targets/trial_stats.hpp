#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include "async/clock.hpp"
#include "async/histogram.hpp"
#include "harness/work/fingerprint.hpp"

namespace asyncbench {

/// How long the requests of the responses begun were held, from arrival to the answer's first byte, and how
/// long they were to be.
struct HeldSums {
    std::uint64_t count = 0;
    std::uint64_t stamped = 0;  ///< of which the kernel stamped the arrival
    Nanoseconds sum{0};
    Nanoseconds intended_sum{0};
};

/// What a target saw of one trial. Not thread-safe.
struct TrialStats {
    std::uint64_t requests = 0;     ///< arrivals, whatever became of them
    std::uint64_t connections = 0;  ///< that carried requests of the trial
    Fingerprint served;             ///< of whole responses given to the kernel
    Histogram delay_error;          ///< ns from the intended start of the response to the actual one
    HeldSums held;

    /// A response begins, `held_for` after its request arrived; it was to after `intended`.
    void begin_response(Nanoseconds held_for, Nanoseconds intended, bool stamped);
};

/// The trials a target remembers: the `capacity` that began last. Not thread-safe.
class TrialBook {
  public:
    static constexpr std::size_t default_capacity = 4096;

    explicit TrialBook(std::size_t capacity = default_capacity) : capacity_(capacity) {}

    /// The trial's stats, begun when new, which forgets the oldest trial when there are too many. The
    /// reference is valid until the next call; a copy keeps the stats alive.
    const std::shared_ptr<TrialStats>& begin_or_find(std::string_view trial);

    /// None when unknown; remembers nothing.
    const TrialStats* find(std::string_view trial) const;

    std::size_t size() const { return trials_.size(); }

  private:
    struct Hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
    };

    std::size_t capacity_;
    std::unordered_map<std::string, std::shared_ptr<TrialStats>, Hash, std::equal_to<>> trials_;
    std::deque<std::string> oldest_first_;
};

/// The body of `/stats/{trial}`, with this process's CPU time and the steady clock as of now.
std::string stats_json(std::string_view trial, const TrialStats& stats);

}  // namespace asyncbench
