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
    double p_value = 1;     ///< of the permutation test
};

struct ChangePointOptions {
    double significance = 0.001;
    double least_change = 0;        ///< as a share of `before`: smaller changes are left out
    std::size_t least_segment = 2;  ///< values between two changes, 2 or more
    std::uint64_t seed = 1;         ///< of the permutations: the same on every machine
};

/// Where a series of values changed its level or its spread, ascending: hierarchical divisive estimation
/// (E-divisive) of Matteson and James, "A Nonparametric Approach for Multiple Change Point Analysis of
/// Multivariate Data" (2014), with the energy statistic of exponent 1 and its permutation test, of 999
/// permutations or as many as the significance needs. Not Welch's test of what lies before and after, as
/// Hunter and Otava have it: the place was chosen for its difference, so that test rejects far too often and
/// is held by a limit of 0.001 and less. The price is that few values cannot be significant: of 2 n values
/// with the change in the middle, the least p is about 2 (n!)^2 / (2 n)!, 0.008 for n = 5 and 0.0006 for
/// n = 7. Takes time and memory of n^2, for hundreds of values. Throws std::invalid_argument where a value is
/// not a finite number, or an option is out of range.
std::vector<ChangePoint> change_points(std::span<const double> values,
                                       const ChangePointOptions& options = {});

}  // namespace asyncbench
