#pragma once

#include <array>
#include <cstddef>
#include <span>

#include "analysis/stats/scalability.hpp"

namespace asyncbench {

/// Parameters of the Universal Scalability Law: lambda, sigma, kappa.
using ScalabilityLaw = std::array<double, 3>;

double throughput_by(const ScalabilityLaw& law, double concurrency);

/// The sum over the points; infinite where the law has no meaning.
double squared_error(std::span<const ThroughputPoint> points, const ScalabilityLaw& law);

/// Least squares with sigma and kappa at least 0. The descent begins at the best of a grid.
ScalabilityLaw fitted_law(std::span<const ThroughputPoint> points);

/// The same, beginning at a law that should be near.
ScalabilityLaw fitted_law(std::span<const ThroughputPoint> points, const ScalabilityLaw& near);

}  // namespace asyncbench
