#include "async/concurrent_histogram.hpp"

#include "async/histogram_layout.hpp"

namespace asyncbench {

namespace layout = histogram_layout;

ConcurrentHistogram::ConcurrentHistogram()
    : counts_(std::make_unique<std::atomic<std::uint64_t>[]>(layout::size)) {}

void ConcurrentHistogram::record(std::int64_t value) noexcept {
    // Counters order nothing else: relaxed. A total kept beside them would be the one cache line that all
    // threads fight for; snapshot() adds the counts up instead.
    counts_[layout::index_of(layout::clamp(value))].fetch_add(1, std::memory_order_relaxed);
}

Histogram ConcurrentHistogram::snapshot() const {
    Histogram result;
    for (std::size_t index = 0; index < layout::size; ++index) {
        result.record(layout::lowest_equivalent(index), counts_[index].load(std::memory_order_relaxed));
    }
    return result;
}

}  // namespace asyncbench
