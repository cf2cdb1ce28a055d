#pragma once

#include <span>

#include "analysis/stats/estimate.hpp"

namespace asyncbench {

/// The two-sided p-value of the Mann-Whitney U test (Wilcoxon's rank sum test) of two independent samples.
/// Exact where there are no ties and each sample has fewer than 50 values; else the normal approximation with
/// corrections for ties and continuity: both as R's wilcox.test. Throws std::invalid_argument where a sample
/// is empty or a value is not a number.
double mann_whitney_p_value(std::span<const double> one, std::span<const double> other);

/// How far `head` lies above `base`: the median of all differences head - base (Hodges and Lehmann) with the
/// interval of their order statistics that inverts the test above, exact where each sample has fewer than 50
/// values; ties only raise its confidence. `confidence` of the result is the real one; where even the widest
/// interval does not reach what was asked, it is that of [min, max]. Memory of base.size() * head.size().
/// Throws std::invalid_argument where a sample is empty or a value is not a finite number, or for a
/// confidence outside (0, 1).
Estimate shift_interval(std::span<const double> base, std::span<const double> head, double confidence);

}  // namespace asyncbench
