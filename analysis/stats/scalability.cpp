#include "analysis/stats/scalability.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <map>
#include <random>
#include <stdexcept>
#include <vector>

#include "analysis/stats/draw.hpp"
#include "analysis/stats/order_statistics.hpp"
#include "analysis/stats/require.hpp"
#include "analysis/stats/scalability_law.hpp"

namespace asyncbench {
namespace {

constexpr std::size_t resamples = 1000;
constexpr std::size_t parameters = std::tuple_size_v<ScalabilityLaw>;

using Points = std::span<const ThroughputPoint>;
using Strata = std::map<double, std::vector<double>>;  // throughputs at each concurrency

Strata by_concurrency(Points points) {
    Strata strata;
    for (const ThroughputPoint& point : points) strata[point.concurrency].push_back(point.throughput);
    return strata;
}

/// What data of another day may look like: an expectation, and deviations to draw from, for each point.
struct Noise {
    double expected = 0;
    std::vector<double> deviations;
};

double mean(const std::vector<double>& values) {
    double sum = 0;
    for (const double value : values) sum += value;
    return sum / static_cast<double>(values.size());
}

std::map<double, Noise> noise_of(Points points, const ScalabilityLaw& law) {
    const Strata strata = by_concurrency(points);
    const bool repeated = std::all_of(strata.begin(), strata.end(),
                                      [](const auto& stratum) { return stratum.second.size() > 1; });
    std::vector<double> residuals;
    if (!repeated && points.size() > parameters) {
        const auto all = static_cast<double>(points.size());
        const double scale = std::sqrt(all / (all - parameters));
        for (const ThroughputPoint& point : points) {
            residuals.push_back((point.throughput - throughput_by(law, point.concurrency)) * scale);
        }
        const double centre = mean(residuals);
        for (double& residual : residuals) residual -= centre;
    }
    std::map<double, Noise> noise;
    for (const auto& [concurrency, values] : strata) {
        Noise& here = noise[concurrency];
        here.expected = repeated ? mean(values) : throughput_by(law, concurrency);
        here.deviations = residuals;
        if (!repeated) continue;
        const auto size = static_cast<double>(values.size());
        const double scale = std::sqrt(size / (size - 1));
        for (const double value : values) here.deviations.push_back((value - here.expected) * scale);
    }
    return noise;
}

std::array<std::vector<double>, parameters> resampled_fits(Points points, const ScalabilityLaw& law,
                                                           std::uint64_t seed) {
    const std::map<double, Noise> noise = noise_of(points, law);
    std::mt19937_64 random(seed);
    std::vector<ThroughputPoint> sample(points.begin(), points.end());
    std::array<std::vector<double>, parameters> fits;
    for (std::size_t i = 0; i < resamples; ++i) {
        for (ThroughputPoint& point : sample) {
            const Noise& here = noise.at(point.concurrency);
            point.throughput = here.expected + here.deviations[draw_below(random, here.deviations.size())];
        }
        const ScalabilityLaw fit = fitted_law(sample, law);
        for (std::size_t j = 0; j < parameters; ++j) fits[j].push_back(fit[j]);
    }
    return fits;
}

/// None where throughput only approaches its limit.
std::optional<double> peak_of(const ScalabilityLaw& law) {
    if (!(law[2] > 0)) return std::nullopt;
    return std::max(1.0, std::sqrt(std::max(0.0, 1 - law[1]) / law[2]));
}

/// Of the fits, of which those without a peak are infinite.
std::vector<double> peaks_of(const std::array<std::vector<double>, parameters>& fits) {
    std::vector<double> peaks;
    peaks.reserve(fits[0].size());
    for (std::size_t i = 0; i < fits[0].size(); ++i) {
        peaks.push_back(
            peak_of({fits[0][i], fits[1][i], fits[2][i]}).value_or(std::numeric_limits<double>::infinity()));
    }
    return peaks;
}

double r_squared(Points points, const ScalabilityLaw& law) {
    std::vector<double> throughputs;
    for (const ThroughputPoint& point : points) throughputs.push_back(point.throughput);
    const double centre = mean(throughputs);
    double variation = 0;
    for (const double value : throughputs) variation += std::pow(value - centre, 2);
    return variation > 0 ? 1 - squared_error(points, law) / variation : 1;
}

void require_points(Points points) {
    for (const ThroughputPoint& point : points) {
        const bool sound = std::isfinite(point.concurrency) && std::isfinite(point.throughput) &&
                           point.concurrency >= 1 && point.throughput > 0;
        if (!sound) throw std::invalid_argument("scalability of a concurrency below 1 or no throughput");
    }
}

}  // namespace

double ScalabilityFit::throughput_at(double concurrency) const {
    return throughput_by({lambda.value, sigma.value, kappa.value}, concurrency);
}

std::optional<ScalabilityFit> fit_scalability(std::span<const ThroughputPoint> points, double confidence,
                                              std::uint64_t seed) {
    require_points(points);
    require_confidence(confidence);
    if (by_concurrency(points).size() < parameters) return std::nullopt;
    const ScalabilityLaw law = fitted_law(points);
    ScalabilityFit fit;
    Estimate* const estimates[] = {&fit.lambda, &fit.sigma, &fit.kappa};
    for (std::size_t i = 0; i < parameters; ++i) *estimates[i] = {law[i], law[i], law[i], 0};
    fit.peak_concurrency = peak_of(law);
    if (points.size() > parameters) {
        const auto fits = resampled_fits(points, law, seed);
        const double each_side = (1 - confidence) / 2;
        for (std::size_t i = 0; i < parameters; ++i) {
            *estimates[i] = {law[i], std::min(law[i], quantile(fits[i], each_side)),
                             std::max(law[i], quantile(fits[i], 1 - each_side)), confidence};
        }
        if (fit.peak_concurrency && fit.kappa.low > 0) {
            const std::vector<double> peaks = peaks_of(fits);
            const double peak = *fit.peak_concurrency;
            const double low = quantile(peaks, each_side);
            const double high = quantile(peaks, 1 - each_side);
            if (std::isfinite(high)) fit.peak = {peak, std::min(peak, low), std::max(peak, high), confidence};
        }
    }
    fit.r_squared = r_squared(points, law);
    return fit;
}

}  // namespace asyncbench
