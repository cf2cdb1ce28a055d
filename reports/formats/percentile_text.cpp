#include "reports/formats/percentile_text.hpp"

#include <fmt/format.h>

#include <bit>
#include <cmath>
#include <limits>

#include "async/histogram_layout.hpp"

namespace asyncbench {
namespace {

constexpr double ns_per_ms = 1e6;
constexpr int rows_per_halving = 5;

/// The percentile of the row after that of `percentile`: the nearer to 100, the denser.
double next_percentile(double percentile) {
    const double halvings = std::floor(std::log(100.0 / (100.0 - percentile)) / std::log(2.0));
    return percentile + 100.0 / (rows_per_halving * std::exp2(halvings + 1));
}

/// Java rounds halves up, C to even: the next larger number is no half.
double rounded_up_at_half(double value) {
    return std::nextafter(value, std::numeric_limits<double>::infinity());
}

std::string row(std::int64_t value, double percentile, std::uint64_t count) {
    const double share = percentile / 100.0;
    return fmt::format("{:12.3f} {:.12f} {:10d} {:14.2f}\n", static_cast<double>(value) / ns_per_ms,
                       rounded_up_at_half(share), count, rounded_up_at_half(1 / (1.0 - share)));
}

std::string rows_of(const Histogram& histogram) {
    const std::uint64_t total = histogram.count();
    std::string text;
    double percentile = 0;
    std::uint64_t reached = 0;
    histogram.for_each([&](std::int64_t lowest, std::uint64_t count) {
        const std::int64_t value = histogram_layout::highest_equivalent(histogram_layout::index_of(lowest));
        reached += count;
        const double share = 100.0 * static_cast<double>(reached) / static_cast<double>(total);
        while (share >= percentile) {
            text += row(value, percentile, reached);
            percentile = next_percentile(percentile);
            if (reached == total) break;  // one row of the largest value, then that of 100 %
        }
    });
    if (total == 0) return text;
    return text + fmt::format("{:12.3f} {:.12f} {:10d}\n", static_cast<double>(histogram.max()) / ns_per_ms,
                              1.0, total);
}

}  // namespace

std::string percentile_text(const Histogram& histogram) {
    using histogram_layout::highest_value;
    using histogram_layout::sub_bucket_magnitude;
    constexpr int buckets =
        std::bit_width(static_cast<std::uint64_t>(highest_value)) - sub_bucket_magnitude + 1;
    return fmt::format("{:>12} {:>14} {:>10} {:>14}\n\n", "Value", "Percentile", "TotalCount",
                       "1/(1-Percentile)") +
           rows_of(histogram) +
           fmt::format(
               "#[Mean    = {:12.3f}, StdDeviation   = {:12.3f}]\n"
               "#[Max     = {:12.3f}, Total count    = {:12d}]\n"
               "#[Buckets = {:12d}, SubBuckets     = {:12d}]\n",
               histogram.mean() / ns_per_ms, histogram.standard_deviation() / ns_per_ms,
               static_cast<double>(histogram.max()) / ns_per_ms, histogram.count(), buckets,
               histogram_layout::sub_bucket_count);
}

}  // namespace asyncbench
