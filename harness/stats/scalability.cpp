#include "harness/stats/scalability.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <map>
#include <random>
#include <stdexcept>
#include <vector>

#include "harness/stats/draw.hpp"
#include "harness/stats/order_statistics.hpp"
#include "harness/stats/require.hpp"

namespace asyncbench {
namespace {

constexpr std::size_t resamples = 1000;
constexpr std::size_t parameters = 3;

using Points = std::span<const ThroughputPoint>;
using Vector = std::array<double, parameters>;  // lambda, sigma, kappa
using Matrix = std::array<Vector, parameters>;
using Free = std::array<bool, parameters>;  // which parameters are fitted; the others are 0

double slowdown(const Vector& law, double n) {
    return 1 + law[1] * (n - 1) + law[2] * n * (n - 1);
}

double throughput(const Vector& law, double n) {
    return law[0] * n / slowdown(law, n);
}

/// Infinite where the law has no meaning.
double squared_error(Points points, const Vector& law) {
    double sum = 0;
    for (const ThroughputPoint& point : points) {
        if (!(slowdown(law, point.concurrency) > 0)) return std::numeric_limits<double>::infinity();
        sum += std::pow(point.throughput - throughput(law, point.concurrency), 2);
    }
    return sum;
}

Vector gradient(const Vector& law, double n) {
    const double slow = slowdown(law, n);
    const double by_slowdown = -law[0] * n / (slow * slow);
    return {n / slow, by_slowdown * (n - 1), by_slowdown * n * (n - 1)};
}

/// Gauss's elimination with pivots. A parameter that the equations do not determine stays 0.
Vector solve(Matrix left, Vector right) {
    for (std::size_t step = 0; step < parameters; ++step) {
        std::size_t pivot = step;
        for (std::size_t row = step + 1; row < parameters; ++row) {
            if (std::abs(left[row][step]) > std::abs(left[pivot][step])) pivot = row;
        }
        std::swap(left[step], left[pivot]);
        std::swap(right[step], right[pivot]);
        if (left[step][step] == 0) continue;
        for (std::size_t row = 0; row < parameters; ++row) {
            if (row == step) continue;
            const double factor = left[row][step] / left[step][step];
            for (std::size_t column = step; column < parameters; ++column) {
                left[row][column] -= factor * left[step][column];
            }
            right[row] -= factor * right[step];
        }
    }
    Vector solution{};
    for (std::size_t i = 0; i < parameters; ++i) {
        if (left[i][i] != 0) solution[i] = right[i] / left[i][i];
    }
    return solution;
}

/// The normal equations of a step, each parameter in units of its own scale: kappa is often a millionth of
/// lambda.
struct Step {
    Matrix left{};
    Vector right{};
    Vector scale{};

    Vector damped(double damping) const {
        Matrix matrix = left;
        for (std::size_t i = 0; i < parameters; ++i) matrix[i][i] += damping;
        Vector step = solve(matrix, right);
        for (std::size_t i = 0; i < parameters; ++i) step[i] *= scale[i];
        return step;
    }
};

Step linearized(Points points, const Vector& law, const Free& free) {
    Step step;
    for (const ThroughputPoint& point : points) {
        const Vector slopes = gradient(law, point.concurrency);
        const double residual = point.throughput - throughput(law, point.concurrency);
        for (std::size_t i = 0; i < parameters; ++i) {
            if (!free[i]) continue;
            step.right[i] += slopes[i] * residual;
            for (std::size_t j = 0; j < parameters; ++j) {
                if (free[j]) step.left[i][j] += slopes[i] * slopes[j];
            }
        }
    }
    for (std::size_t i = 0; i < parameters; ++i) {
        if (step.left[i][i] > 0) step.scale[i] = 1 / std::sqrt(step.left[i][i]);
    }
    for (std::size_t i = 0; i < parameters; ++i) {
        step.right[i] *= step.scale[i];
        for (std::size_t j = 0; j < parameters; ++j) step.left[i][j] *= step.scale[i] * step.scale[j];
    }
    return step;
}

/// Levenberg and Marquardt.
Vector descended(Points points, Vector law, const Free& free) {
    constexpr int most_steps = 200;
    constexpr double enough = 1e-14;  // relative gain at which it is as good as it gets
    double damping = 1e-3;
    double error = squared_error(points, law);
    for (int i = 0; i < most_steps && damping < 1e12; ++i) {
        const Vector step = linearized(points, law, free).damped(damping);
        Vector next = law;
        for (std::size_t j = 0; j < parameters; ++j) next[j] += step[j];
        const double next_error = squared_error(points, next);
        if (!(next_error < error)) {
            damping *= 10;
            continue;
        }
        const bool settled = error - next_error <= enough * error;
        law = next;
        error = next_error;
        damping /= 10;
        if (settled) break;
    }
    return law;
}

/// The best with sigma and kappa at least 0 is the best without that condition, or lies where one or both are
/// 0: each of the four is tried, and those left out that break it.
Vector best_fit(Points points, const Vector& start) {
    constexpr Free faces[] = {
        {true, true, true}, {true, true, false}, {true, false, true}, {true, false, false}};
    Vector best{};
    double least_error = std::numeric_limits<double>::infinity();
    for (const Free& free : faces) {
        Vector law = start;
        for (std::size_t i = 0; i < parameters; ++i) law[i] = free[i] ? law[i] : 0;
        law = descended(points, law, free);
        const double error = squared_error(points, law);
        if (law[1] < 0 || law[2] < 0 || !(error < least_error)) continue;
        best = law;
        least_error = error;
    }
    return best;
}

/// Some law with the data's magnitude from which the descent finds its way.
Vector first_guess(Points points) {
    double steepest = 0;
    double widest = 1;
    for (const ThroughputPoint& point : points) {
        steepest = std::max(steepest, point.throughput / point.concurrency);
        widest = std::max(widest, point.concurrency);
    }
    return {steepest, 0.1 / widest, 0.1 / (widest * widest)};
}

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

std::map<double, Noise> noise_of(Points points, const Vector& law) {
    const Strata strata = by_concurrency(points);
    const bool repeated = std::all_of(strata.begin(), strata.end(),
                                      [](const auto& stratum) { return stratum.second.size() > 1; });
    std::vector<double> residuals;
    if (!repeated && points.size() > parameters) {
        const auto all = static_cast<double>(points.size());
        const double scale = std::sqrt(all / (all - parameters));
        for (const ThroughputPoint& point : points) {
            residuals.push_back((point.throughput - throughput(law, point.concurrency)) * scale);
        }
        const double centre = mean(residuals);
        for (double& residual : residuals) residual -= centre;
    }
    std::map<double, Noise> noise;
    for (const auto& [concurrency, values] : strata) {
        Noise& here = noise[concurrency];
        here.expected = repeated ? mean(values) : throughput(law, concurrency);
        here.deviations = residuals;
        if (!repeated) continue;
        const auto size = static_cast<double>(values.size());
        const double scale = std::sqrt(size / (size - 1));
        for (const double value : values) here.deviations.push_back((value - here.expected) * scale);
    }
    return noise;
}

std::array<std::vector<double>, parameters> resampled_fits(Points points, const Vector& law,
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
        const Vector fit = best_fit(sample, law);
        for (std::size_t j = 0; j < parameters; ++j) fits[j].push_back(fit[j]);
    }
    return fits;
}

double r_squared(Points points, const Vector& law) {
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
    return throughput({lambda.value, sigma.value, kappa.value}, concurrency);
}

std::optional<ScalabilityFit> fit_scalability(std::span<const ThroughputPoint> points, double confidence,
                                              std::uint64_t seed) {
    require_points(points);
    require_confidence(confidence);
    if (by_concurrency(points).size() < parameters) return std::nullopt;
    const Vector law = best_fit(points, first_guess(points));
    ScalabilityFit fit;
    Estimate* const estimates[] = {&fit.lambda, &fit.sigma, &fit.kappa};
    for (std::size_t i = 0; i < parameters; ++i) *estimates[i] = {law[i], law[i], law[i], 0};
    if (points.size() > parameters) {
        const auto fits = resampled_fits(points, law, seed);
        const double each_side = (1 - confidence) / 2;
        for (std::size_t i = 0; i < parameters; ++i) {
            *estimates[i] = {law[i], std::min(law[i], quantile(fits[i], each_side)),
                             std::max(law[i], quantile(fits[i], 1 - each_side)), confidence};
        }
    }
    fit.r_squared = r_squared(points, law);
    if (law[2] > 0) fit.peak_concurrency = std::max(1.0, std::sqrt(std::max(0.0, 1 - law[1]) / law[2]));
    return fit;
}

}  // namespace asyncbench
