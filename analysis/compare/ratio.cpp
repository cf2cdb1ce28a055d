#include "analysis/compare/ratio.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "analysis/stats/mann_whitney.hpp"
#include "analysis/stats/order_statistics.hpp"
#include "analysis/stats/sign_test.hpp"

namespace asyncbench {
namespace {

constexpr double unknown = std::numeric_limits<double>::quiet_NaN();

bool are_positive(std::span<const double> values) {
    return std::all_of(values.begin(), values.end(), [](double value) { return value > 0; });
}

std::vector<double> logarithms(std::span<const double> values) {
    std::vector<double> result;
    result.reserve(values.size());
    for (const double value : values) result.push_back(std::log(value));
    return result;
}

Estimate exponential(const Estimate& estimate) {
    return {std::exp(estimate.value), std::exp(estimate.low), std::exp(estimate.high), estimate.confidence};
}

}  // namespace

Ratio test_unpaired_ratio(std::span<const double> base, std::span<const double> head, double confidence) {
    Ratio test{{unknown, unknown, unknown, 0}, mann_whitney_p_value(base, head)};
    if (are_positive(base) && are_positive(head))
        test.ratio = exponential(shift_interval(logarithms(base), logarithms(head), confidence));
    return test;
}

Ratio test_paired_ratio(std::span<const double> base, std::span<const double> head, double confidence) {
    std::vector<double> differences;
    differences.reserve(base.size());
    for (std::size_t i = 0; i < base.size(); ++i) differences.push_back(head[i] - base[i]);
    const double above = sign_test_above(differences);
    for (double& difference : differences) difference = -difference;
    const double below = sign_test_above(differences);
    Ratio test{{unknown, unknown, unknown, 0}, std::min(1.0, 2 * std::min(above, below))};
    if (!are_positive(base) || !are_positive(head)) return test;
    std::vector<double> ratios;
    ratios.reserve(base.size());
    for (std::size_t i = 0; i < base.size(); ++i) ratios.push_back(head[i] / base[i]);
    test.ratio = median_interval(ratios, confidence);
    return test;
}

double noise_floor(const Estimate& ratio) {
    const double reach = std::max(std::log(ratio.high / ratio.value), std::log(ratio.value / ratio.low));
    return std::expm1(reach);
}

}  // namespace asyncbench
