#pragma once

#include <cstddef>
#include <vector>

#include "analysis/run_result.hpp"

namespace asyncbench {

/// A usable trial against the median of its cell, by the metric that the run ranks by.
struct DriftPoint {
    std::size_t trial = 0;  ///< its place in the run's trials
    double percent = 0;     ///< from the median
    double value = 0;
    double median = 0;
};
/// In the order run.
std::vector<DriftPoint> drift_of(const RunResult& run);

}  // namespace asyncbench
