#pragma once

#include <string>

#include "async/histogram.hpp"

namespace asyncbench {

/// HdrHistogram's table of percentiles in milliseconds, 5 rows for each halving of the distance to 100 %:
/// what its plotters and wrk2 call an `.hgrm` file. Text for text what HdrHistogram-Java 2.1 writes by
/// outputPercentileDistribution() for a histogram of nanoseconds.
std::string percentile_text(const Histogram& histogram);

}  // namespace asyncbench
