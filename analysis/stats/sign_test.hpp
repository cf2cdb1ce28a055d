#pragma once

#include <span>

namespace asyncbench {

/// The exact sign test of paired differences against `location`, one-sided: how likely are so many values
/// above it, or more, where the population's median is `location` or less? Values equal to it are left out,
/// as is usual; 1 where none is left. Source: Conover, "Practical Nonparametric Statistics", 3rd
/// edition, 3.4. Throws std::invalid_argument where one, or the location, is not a number.
double sign_test_above(std::span<const double> values, double location = 0);

}  // namespace asyncbench
