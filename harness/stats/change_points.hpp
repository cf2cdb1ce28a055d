#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace asyncbench {

struct ChangePoint {
    std::size_t index = 0;  ///< of the first value after the change
    double before = 0;      ///< mean of the values since the change before
    double after = 0;       ///< mean of the values until the next change
    double p_value = 1;     ///< of the permutation test (E-divisive) or of Welch's test, as documented
};

struct ChangePointOptions {
    double significance = 0.001;
    double least_change = 0;  ///< as a share of `before`: smaller changes are left out
    std::size_t least_segment = 2;
    std::uint64_t seed = 1;
};

/// Where a series of values changed its level, ascending: hierarchical divisive estimation (E-divisive) of
/// Matteson and James, "A Nonparametric Approach for Multiple Change Point Analysis of Multivariate Data"
/// (2014), with the energy statistic of exponent 1. Throws std::invalid_argument where a value is not a
/// number.
std::vector<ChangePoint> change_points(std::span<const double> values,
                                       const ChangePointOptions& options = {});

}  // namespace asyncbench
