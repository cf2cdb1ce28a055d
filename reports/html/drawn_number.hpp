#pragma once

#include "analysis/stats/estimate.hpp"

namespace asyncbench {

// Numbers as charts draw them.

/// With both ends at the value where there is no interval to show.
Estimate drawn(Estimate estimate);

/// A drawing shows less than six digits, and three more make data a third larger.
double rounded(double value);

}  // namespace asyncbench
