#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>

#include "analysis/stats/estimate.hpp"

namespace asyncbench {

struct BootstrapOptions {
    double confidence = 0.95;
    std::size_t resamples = 2000;
    std::uint64_t seed = 1;  ///< the same seed gives the same interval on every machine
};

using Statistic = std::function<double(std::span<const double>)>;

/// The statistic of the values, with the bias-corrected and accelerated interval of Efron, "Better Bootstrap
/// Confidence Intervals" (1987). `confidence` of the result is the nominal one: with fewer than some ten
/// values the real one is lower, which is why medians have median_interval(); of a single value it is 0.
/// Throws std::invalid_argument where there are no values, one of them or of what the statistic makes of them
/// is not a number, or an option is out of range.
Estimate bootstrap_interval(std::span<const double> values, const Statistic& statistic,
                            const BootstrapOptions& options = {});

}  // namespace asyncbench
