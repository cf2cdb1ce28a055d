#include "reports/html/drawn_number.hpp"

#include <cmath>

#include "reports/text/human.hpp"

namespace asyncbench {

Estimate drawn(Estimate estimate) {
    if (!has_interval(estimate)) estimate.low = estimate.high = estimate.value;
    return estimate;
}

double rounded(double value) {
    if (value == 0 || !std::isfinite(value)) return value;
    const double scale = std::pow(10, 5 - std::floor(std::log10(std::abs(value))));
    return std::round(value * scale) / scale;
}

}  // namespace asyncbench
