#include "analysis/scalability.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include "analysis/summary.hpp"

namespace asyncbench {
namespace {

std::vector<ThroughputPoint> points_of(const RunResult& run, const StrategySpec& strategy) {
    std::vector<ThroughputPoint> points;
    for (const Cell& cell : run.summary) {
        if (cell.strategy != strategy || !is_usable(run, cell)) continue;
        for (const Trial& trial : run.trials) {
            const auto throughput = value_of(trial.metrics, "throughput_rps");
            if (!is_of(trial, cell) || !trial.usable() || !throughput || !(*throughput > 0)) continue;
            points.push_back({static_cast<double>(cell.concurrency), *throughput});
        }
    }
    return points;
}

std::optional<double> residual_share(const std::vector<ThroughputPoint>& points, const ScalabilityFit& fit) {
    constexpr std::size_t parameters = 3;
    if (points.size() <= parameters) return std::nullopt;
    double squares = 0;
    double sum = 0;
    for (const ThroughputPoint& point : points) {
        squares += std::pow(point.throughput - fit.throughput_at(point.concurrency), 2);
        sum += point.throughput;
    }
    const double mean = sum / static_cast<double>(points.size());
    return std::sqrt(squares / static_cast<double>(points.size() - parameters)) / mean;
}

StrategyScalability scalability_of(const RunResult& run, const StrategySpec& strategy) {
    constexpr std::size_t least_levels = 3;  // as many as the law has parameters
    constexpr double confidence = 0.95;
    StrategyScalability result;
    result.strategy = strategy;
    if (run.scenario.plan.kind != PlanKind::closed) {
        result.why_none = "the law is of a closed loop";
        return result;
    }
    const bool measured_once = std::any_of(run.summary.begin(), run.summary.end(), [&](const Cell& cell) {
        return cell.strategy == strategy && cell.every_level;
    });
    if (measured_once) {
        result.why_none = "it has one request in flight, whatever the concurrency";
        return result;
    }
    const auto points = points_of(run, strategy);
    std::set<double> levels;
    for (const ThroughputPoint& point : points) levels.insert(point.concurrency);
    if (levels.size() < least_levels) {
        result.why_none = "fewer than three usable concurrencies";
        return result;
    }
    result.lowest = *levels.begin();
    result.highest = *levels.rbegin();
    result.fit = fit_scalability(points, confidence);
    if (!result.fit) {
        result.why_none = "the measurements do not determine it";
        return result;
    }
    result.residual_share = residual_share(points, *result.fit);
    return result;
}

}  // namespace

std::vector<StrategyScalability> scalability_of(const RunResult& run) {
    std::vector<StrategyScalability> all;
    for (const StrategySpec& strategy : run.scenario.strategies) all.push_back(scalability_of(run, strategy));
    return all;
}

}  // namespace asyncbench
