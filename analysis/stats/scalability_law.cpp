#include "analysis/stats/scalability_law.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>
#include <vector>

namespace asyncbench {
namespace {

constexpr std::size_t unknowns = 3;

using Points = std::span<const ThroughputPoint>;
using Vector = ScalabilityLaw;
using Matrix = std::array<Vector, unknowns>;
using Free = std::array<bool, unknowns>;  // which parameters are fitted; the others are 0

double slowdown(const Vector& law, double n) {
    return 1 + law[1] * (n - 1) + law[2] * n * (n - 1);
}

Vector gradient(const Vector& law, double n) {
    const double slow = slowdown(law, n);
    const double by_slowdown = -law[0] * n / (slow * slow);
    return {n / slow, by_slowdown * (n - 1), by_slowdown * n * (n - 1)};
}

/// Gauss's elimination with pivots. A parameter that the equations do not determine stays 0.
Vector solve(Matrix left, Vector right) {
    for (std::size_t step = 0; step < unknowns; ++step) {
        std::size_t pivot = step;
        for (std::size_t row = step + 1; row < unknowns; ++row) {
            if (std::abs(left[row][step]) > std::abs(left[pivot][step])) pivot = row;
        }
        std::swap(left[step], left[pivot]);
        std::swap(right[step], right[pivot]);
        if (left[step][step] == 0) continue;
        for (std::size_t row = 0; row < unknowns; ++row) {
            if (row == step) continue;
            const double factor = left[row][step] / left[step][step];
            for (std::size_t column = step; column < unknowns; ++column) {
                left[row][column] -= factor * left[step][column];
            }
            right[row] -= factor * right[step];
        }
    }
    Vector solution{};
    for (std::size_t i = 0; i < unknowns; ++i) {
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
        for (std::size_t i = 0; i < unknowns; ++i) matrix[i][i] += damping;
        Vector step = solve(matrix, right);
        for (std::size_t i = 0; i < unknowns; ++i) step[i] *= scale[i];
        return step;
    }
};

Step linearized(Points points, const Vector& law, const Free& free) {
    Step step;
    for (const ThroughputPoint& point : points) {
        const Vector slopes = gradient(law, point.concurrency);
        const double residual = point.throughput - throughput_by(law, point.concurrency);
        for (std::size_t i = 0; i < unknowns; ++i) {
            if (!free[i]) continue;
            step.right[i] += slopes[i] * residual;
            for (std::size_t j = 0; j < unknowns; ++j) {
                if (free[j]) step.left[i][j] += slopes[i] * slopes[j];
            }
        }
    }
    for (std::size_t i = 0; i < unknowns; ++i) {
        if (step.left[i][i] > 0) step.scale[i] = 1 / std::sqrt(step.left[i][i]);
    }
    for (std::size_t i = 0; i < unknowns; ++i) {
        step.right[i] *= step.scale[i];
        for (std::size_t j = 0; j < unknowns; ++j) step.left[i][j] *= step.scale[i] * step.scale[j];
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
        for (std::size_t j = 0; j < unknowns; ++j) next[j] += step[j];
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
constexpr std::array<Free, 4> faces{
    {{true, true, true}, {true, true, false}, {true, false, true}, {true, false, false}}};

Vector on_face(Vector law, const Free& face) {
    for (std::size_t i = 0; i < unknowns; ++i) law[i] = face[i] ? law[i] : 0;
    return law;
}

using Starts = std::array<Vector, faces.size()>;  // of the descent on each face

Starts starts_at(const Vector& law) {
    Starts starts;
    std::transform(faces.begin(), faces.end(), starts.begin(),
                   [&](const Free& face) { return on_face(law, face); });
    return starts;
}

/// The law of this sigma and kappa whose lambda fits best.
Vector with_best_lambda(Points points, double sigma, double kappa) {
    double products = 0;
    double squares = 0;
    for (const ThroughputPoint& point : points) {
        const double shape = throughput_by({1, sigma, kappa}, point.concurrency);
        products += shape * point.throughput;
        squares += shape * shape;
    }
    return {products / squares, sigma, kappa};
}

/// Half a power of ten apart.
std::vector<double> powers(int from, int to) {
    std::vector<double> result;
    for (int halves = 2 * from; halves <= 2 * to; ++halves) result.push_back(std::pow(10.0, halves / 2.0));
    return result;
}

/// The best of each face among laws half a power of ten apart: from an arbitrary start a descent may end in a
/// valley beside the deepest one.
Starts starts_on_grid(Points points) {
    Starts starts{};
    std::array<double, faces.size()> least_errors;
    least_errors.fill(std::numeric_limits<double>::infinity());
    for (const double sigma : powers(-5, 2)) {
        for (const double kappa : powers(-9, 2)) {
            for (std::size_t i = 0; i < faces.size(); ++i) {
                const Vector law = with_best_lambda(points, faces[i][1] ? sigma : 0, faces[i][2] ? kappa : 0);
                const double error = squared_error(points, law);
                if (!(error < least_errors[i])) continue;
                least_errors[i] = error;
                starts[i] = law;
            }
        }
    }
    return starts;
}

Vector best_fit(Points points, const Starts& starts) {
    Vector best{};
    double least_error = std::numeric_limits<double>::infinity();
    for (std::size_t i = 0; i < faces.size(); ++i) {
        const Vector law = descended(points, starts[i], faces[i]);
        const double error = squared_error(points, law);
        if (law[1] < 0 || law[2] < 0 || !(error < least_error)) continue;
        best = law;
        least_error = error;
    }
    return best;
}

}  // namespace

double throughput_by(const ScalabilityLaw& law, double concurrency) {
    return law[0] * concurrency / slowdown(law, concurrency);
}

double squared_error(std::span<const ThroughputPoint> points, const ScalabilityLaw& law) {
    double sum = 0;
    for (const ThroughputPoint& point : points) {
        if (!(slowdown(law, point.concurrency) > 0)) return std::numeric_limits<double>::infinity();
        sum += std::pow(point.throughput - throughput_by(law, point.concurrency), 2);
    }
    return sum;
}

ScalabilityLaw fitted_law(std::span<const ThroughputPoint> points) {
    return best_fit(points, starts_on_grid(points));
}

ScalabilityLaw fitted_law(std::span<const ThroughputPoint> points, const ScalabilityLaw& near) {
    return best_fit(points, starts_at(near));
}

}  // namespace asyncbench
