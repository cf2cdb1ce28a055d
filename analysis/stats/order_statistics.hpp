#pragma once

#include <cstddef>
#include <span>

#include "analysis/stats/estimate.hpp"

namespace asyncbench {

/// Of values in any order. Of an even number of values, the mean of the two in the middle.
/// Throws std::invalid_argument where there are no values or one is not a number; so do all functions here.
double median(std::span<const double> values);

/// The value below which the share `q` in [0, 1] of the values lies, linear between neighbours: type 7 of
/// Hyndman and Fan, "Sample Quantiles in Statistical Packages" (1996), the default of R and NumPy. Throws
/// std::invalid_argument for another `q`.
double quantile(std::span<const double> values, double q);

/// The median, and the narrowest interval between order statistics of equal rank from either end that covers
/// the population's median with at least `confidence` in (0, 1), whatever the distribution: the exact sign
/// test, inverted. Where even [min, max] does not, it is [min, max]; `confidence` of the result is always the
/// real one, 0 for a single value. Ties only raise it. Values must be independent of each other.
Estimate median_interval(std::span<const double> values, double confidence);

/// The coverage of the interval from the `rank`-th smallest to the `rank`-th largest of `n` values,
/// 1 <= rank <= (n + 1) / 2.
double median_interval_coverage(std::size_t n, std::size_t rank);

}  // namespace asyncbench
