#include "analysis/stats/order_statistics.hpp"

#include <algorithm>
#include <boost/math/distributions/binomial.hpp>
#include <cmath>
#include <stdexcept>
#include <vector>

#include "analysis/stats/require.hpp"

namespace asyncbench {
namespace {

std::vector<double> sorted(std::span<const double> values) {
    require_values(values, "order statistics");
    std::vector<double> result(values.begin(), values.end());
    std::sort(result.begin(), result.end());
    return result;
}

double quantile_of_sorted(const std::vector<double>& values, double q) {
    const double place = q * static_cast<double>(values.size() - 1);
    const auto below = static_cast<std::size_t>(place);
    const double low = values[below];
    const double high = values[std::min(below + 1, values.size() - 1)];
    const double part = place - static_cast<double>(below);
    // Between equal values and at a value itself there is nothing to interpolate: infinities would give NaN.
    return part == 0 || low == high ? low : std::lerp(low, high, part);
}

/// The largest rank whose interval still has the confidence; 1 where none has.
std::size_t rank_for(std::size_t n, double confidence) {
    std::size_t enough = 1;
    std::size_t too_narrow = (n + 1) / 2 + 1;
    while (enough + 1 < too_narrow) {
        const std::size_t rank = enough + (too_narrow - enough) / 2;
        (median_interval_coverage(n, rank) >= confidence ? enough : too_narrow) = rank;
    }
    return enough;
}

}  // namespace

double median(std::span<const double> values) {
    return quantile(values, 0.5);
}

double quantile(std::span<const double> values, double q) {
    if (!(q >= 0 && q <= 1)) throw std::invalid_argument("a quantile outside [0, 1]");
    return quantile_of_sorted(sorted(values), q);
}

Estimate median_interval(std::span<const double> values, double confidence) {
    require_confidence(confidence);
    const std::vector<double> ordered = sorted(values);
    const std::size_t rank = rank_for(ordered.size(), confidence);
    return {quantile_of_sorted(ordered, 0.5), ordered[rank - 1], ordered[ordered.size() - rank],
            median_interval_coverage(ordered.size(), rank)};
}

double median_interval_coverage(std::size_t n, std::size_t rank) {
    if (rank < 1 || rank > (n + 1) / 2) throw std::invalid_argument("a rank that n values do not have");
    // The interval misses the median where fewer than `rank` values lie on one side of it.
    const boost::math::binomial_distribution<double> heads(static_cast<double>(n), 0.5);
    return std::max(1 - 2 * cdf(heads, static_cast<double>(rank - 1)), 0.0);
}

}  // namespace asyncbench
