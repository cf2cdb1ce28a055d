#pragma once

#include <span>

#include "analysis/stats/estimate.hpp"

namespace asyncbench {

/// What two samples say of head over base. The ratio is unknown (NaN) where a value is not over 0.
struct Ratio {
    Estimate ratio;
    double p_value = 1;  ///< two-sided, that nothing changed
};

/// Of samples that have nothing in common: Hodges and Lehmann's estimate on logarithms with its exact
/// interval, and the Mann-Whitney test (stats/mann_whitney.hpp). Neither may be empty.
Ratio test_unpaired_ratio(std::span<const double> base, std::span<const double> head, double confidence);

/// Of values of the same blocks, in the same order: the median of their ratios and the sign test
/// (stats/order_statistics.hpp, stats/sign_test.hpp). Not empty, and as many. The median is that of the
/// ratios themselves, as in all that pairs show (summary.hpp, ranking, gate): of an even number of pairs,
/// that of their logarithms would differ from it.
Ratio test_paired_ratio(std::span<const double> base, std::span<const double> head, double confidence);

/// How far the interval of the ratio reaches from its middle, as a share: the least change that so noisy
/// values would have shown.
double noise_floor(const Estimate& ratio);

}  // namespace asyncbench
