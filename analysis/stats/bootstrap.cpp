#include "analysis/stats/bootstrap.hpp"

#include <algorithm>
#include <boost/math/distributions/normal.hpp>
#include <cmath>
#include <random>
#include <stdexcept>
#include <vector>

#include "analysis/stats/draw.hpp"
#include "analysis/stats/order_statistics.hpp"
#include "analysis/stats/require.hpp"

namespace asyncbench {
namespace {

const boost::math::normal_distribution<double> normal;

std::vector<double> resampled(std::span<const double> values, const Statistic& statistic,
                              const BootstrapOptions& options) {
    std::mt19937_64 random(options.seed);
    std::vector<double> sample(values.size());
    std::vector<double> results;
    results.reserve(options.resamples);
    for (std::size_t i = 0; i < options.resamples; ++i) {
        for (double& value : sample) value = values[draw_below(random, values.size())];
        results.push_back(statistic(sample));
    }
    return results;
}

/// z0: how far the median of the resamples lies from the statistic, in standard deviations.
double bias_correction(std::span<const double> results, double value) {
    const auto below = static_cast<double>(
        std::count_if(results.begin(), results.end(), [&](double result) { return result < value; }));
    const auto equal = static_cast<double>(std::count(results.begin(), results.end(), value));
    const auto all = static_cast<double>(results.size());
    // Half a resample keeps it finite where all of them lie on one side.
    return quantile(normal, std::clamp((below + equal / 2) / all, 0.5 / all, 1 - 0.5 / all));
}

/// a: how fast the standard deviation changes with the statistic, by the jackknife (Efron, 1987, 7.3).
double acceleration(std::span<const double> values, const Statistic& statistic) {
    std::vector<double> without_one(values.begin() + 1, values.end());
    std::vector<double> results;
    for (std::size_t i = 0; i < values.size(); ++i) {
        results.push_back(statistic(without_one));
        if (i < without_one.size()) without_one[i] = values[i];
    }
    double mean = 0;
    for (const double result : results) mean += result / static_cast<double>(results.size());
    double squares = 0;
    double cubes = 0;
    for (const double result : results) {
        squares += std::pow(mean - result, 2);
        cubes += std::pow(mean - result, 3);
    }
    return squares > 0 ? cubes / (6 * std::pow(squares, 1.5)) : 0;
}

double corrected(double probability, double z0, double a) {
    const double z = z0 + quantile(normal, probability);
    // Past its pole the correction would turn round; there the interval ends at the last resample.
    const double stretch = 1 - a * z;
    if (!(stretch > 0)) return z < 0 ? 0 : 1;
    return cdf(normal, z0 + z / stretch);
}

}  // namespace

Estimate bootstrap_interval(std::span<const double> values, const Statistic& statistic,
                            const BootstrapOptions& options) {
    require_values(values, "a bootstrap");
    require_confidence(options.confidence);
    if (options.resamples < 1) throw std::invalid_argument("a bootstrap without resamples");
    const double value = statistic(values);
    require_numbers(std::span(&value, 1), "a bootstrap");
    if (values.size() == 1) return {value, value, value, 0};
    const std::vector<double> results = resampled(values, statistic, options);
    const double z0 = bias_correction(results, value);
    const double a = acceleration(values, statistic);
    const double each_side = (1 - options.confidence) / 2;
    return {value, asyncbench::quantile(results, corrected(each_side, z0, a)),
            asyncbench::quantile(results, corrected(1 - each_side, z0, a)), options.confidence};
}

}  // namespace asyncbench
