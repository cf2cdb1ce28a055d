#pragma once

#include <atomic>
#include <cstdint>
#include <memory>

#include "async/histogram.hpp"

namespace asyncbench {

/// What is recorded into while measuring: the counts of Histogram in fixed memory (264 KiB), which the
/// constructor allocates and touches. Not movable: threads hold references to it.
class ConcurrentHistogram {
  public:
    ConcurrentHistogram();
    ConcurrentHistogram(const ConcurrentHistogram&) = delete;
    ConcurrentHistogram& operator=(const ConcurrentHistogram&) = delete;

    /// Any thread, without lock or allocation. Clamps as Histogram::record() does.
    void record(std::int64_t value) noexcept;

    /// Any thread. Contains every value whose record() happened before; one recorded meanwhile may be
    /// missing.
    Histogram snapshot() const;

  private:
    std::unique_ptr<std::atomic<std::uint64_t>[]> counts_;
};

}  // namespace asyncbench
