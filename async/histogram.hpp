#pragma once

#include <cstdint>
#include <functional>
#include <vector>

namespace asyncbench {

/// Counts of values from 0 to 2^42 - 1 (73 minutes in nanoseconds) in HdrHistogram's layout: lowest
/// discernible value 1, 3 significant digits, so that every value is kept within 0.1 %. Grows to the largest
/// value seen; a histogram to record into while measuring, of constant memory, is ConcurrentHistogram. Not
/// thread-safe. Layout and percentile definition: HdrHistogram 2.1.
class Histogram {
  public:
    /// Values below 0 are counted as 0, values over the highest as the highest.
    void record(std::int64_t value, std::uint64_t count = 1);
    /// Room for values up to `highest`, so that recording them allocates nothing and meets no page fault.
    void reserve(std::int64_t highest);
    /// Forgets all values and keeps its memory.
    void clear();
    Histogram& operator+=(const Histogram& other);

    std::uint64_t count() const { return total_; }
    bool empty() const { return total_ == 0; }

    /// The largest value that is equivalent to the one at the percentile (0 to 100); 0 when empty.
    std::int64_t value_at_percentile(double percentile) const;
    std::int64_t min() const;  ///< lowest equivalent; 0 when empty
    std::int64_t max() const;  ///< highest equivalent; 0 when empty
    double mean() const;       ///< of the buckets' middles; 0 when empty
    double standard_deviation() const;

    /// Share of values <= `value`, in [0, 1]; 0 when empty.
    double share_at_or_below(std::int64_t value) const;

    /// Calls `visit(lowest equivalent value, count)` for each bucket that is not empty, ascending.
    void for_each(const std::function<void(std::int64_t, std::uint64_t)>& visit) const;

    bool operator==(const Histogram& other) const;

  private:
    std::vector<std::uint64_t> counts_;
    std::uint64_t total_ = 0;
};

}  // namespace asyncbench
