#pragma once

#include <span>
#include <vector>

namespace asyncbench {

/// The p-values of a family of tests, adjusted so that rejecting those of at most alpha keeps the chance of
/// any false rejection below alpha: step-down after Holm, "A Simple Sequentially Rejective Multiple Test
/// Procedure" (1979). In the order given, each at most 1; what R's p.adjust(method = "holm") gives. Throws
/// std::invalid_argument for a value outside [0, 1].
std::vector<double> holm_adjusted(std::span<const double> p_values);

}  // namespace asyncbench
