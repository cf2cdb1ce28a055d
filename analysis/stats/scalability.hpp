#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "analysis/stats/estimate.hpp"

namespace asyncbench {

/// A measured throughput at a concurrency; several of the same concurrency are repetitions.
struct ThroughputPoint {
    double concurrency = 1;
    double throughput = 0;  ///< in any unit
};

/// Gunther's Universal Scalability Law, X(N) = lambda N / (1 + sigma (N - 1) + kappa N (N - 1)), "Guerrilla
/// Capacity Planning" (2007), chapter 4.
struct ScalabilityFit {
    Estimate lambda;       ///< throughput of one
    Estimate sigma;        ///< contention, 0 or more
    Estimate kappa;        ///< coherency, 0 or more
    double r_squared = 0;  ///< share of the throughput's variance that the law explains
    /// Where throughput is highest; none where kappa is 0, so that it only approaches its limit.
    std::optional<double> peak_concurrency;
    /// Its interval, from the bootstrapped fits; `confidence` 0 as for the others. None where kappa's
    /// interval holds 0: then the peak may be anywhere, or nowhere.
    std::optional<Estimate> peak;

    double throughput_at(double concurrency) const;
};

/// Least squares with sigma and kappa at least 0. Intervals are percentiles of 1000 bootstrapped fits: within
/// each concurrency where each has repetitions, else of residuals; both scaled by what the fit or the mean
/// took of their variance. They widen by no means for data that do not follow the law: look at r_squared.
/// Three points without repetitions are met exactly: then `confidence` of the intervals is 0. None where
/// there are fewer than three different concurrencies. Throws std::invalid_argument for values that are not
/// finite and over 0, a concurrency below 1, or a confidence outside (0, 1).
std::optional<ScalabilityFit> fit_scalability(std::span<const ThroughputPoint> points, double confidence,
                                              std::uint64_t seed = 1);

}  // namespace asyncbench
