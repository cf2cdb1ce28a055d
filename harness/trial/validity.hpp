#pragma once

#include <optional>
#include <vector>

#include "harness/trial/trial_result.hpp"

namespace asyncbench {

/// The limits at which a measurement is not valid (design, "How it measures"). A work mismatch has none.
struct ValidityLimits {
    double target_cpu_share = 0.85;  ///< of one core
    Nanoseconds target_delay_error_p99 = std::chrono::milliseconds{1};
    double target_delay_error_share = 0.05;  ///< of the mean delay; both must be exceeded
    Nanoseconds send_lateness_p99 = std::chrono::milliseconds{1};
    double send_lateness_share = 0.05;  ///< of the mean delay; both must be exceeded
    double steal_share = 0.05;
    double other_load_cores = 0.25;        ///< noted, does not invalidate
    double unforeseen_error_share = 0.05;  ///< of all requests
    std::uint64_t samples = 20;            ///< fewer answered requests say nothing about a distribution
};

/// What of a trial's numbers must not be believed, and why. Pure: looks at nothing but its arguments.
std::vector<Warning> judge_validity(const TrialResult& trial, const ValidityLimits& limits = {});

/// Whether the time that a trial says it took is impossible: longer than the `wall` time between `go` and its
/// result, or shorter than one of its own requests. Pure.
std::optional<Warning> judge_elapsed(const TrialResult& trial, Nanoseconds wall);

}  // namespace asyncbench
