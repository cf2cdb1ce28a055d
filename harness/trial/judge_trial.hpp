#pragma once

#include <optional>
#include <vector>

#include "harness/trial/trial.hpp"

namespace asyncbench {

/// From here on a trial is wrong or limited (design, "How it measures"). A work mismatch has no limit.
struct TrialLimits {
    double target_cpu_share = 0.85;  ///< of one core
    /// An event loop that is busy for longer, and computes for most of that, is at its limit. Above 1: the
    /// strategies may fill their loops, as pitfalls do, whose harm that is.
    double loop_utilization = 0.85;
    Nanoseconds send_lateness_p99 = std::chrono::milliseconds{1};
    double send_lateness_share = 0.05;  ///< of the mean delay; both must be exceeded
    double sent_late_share = 0.01;      ///< of an open loop's requests: from here on the rate is not held
    /// Nobody is faster than the target's delays allow, nor serves a request in less than the target held it.
    /// Beyond that by more than this share a program's clock is wrong, or it sent more at once than was
    /// asked.
    double impossible_share = 0.1;
    double throttled_share =
        0.05;  ///< of the trial's time in which the CPU quota was spent: from here on, limited
    double throttled_a_little =
        0.005;  ///< of the same: from here on, disturbed, as a stop is as long as a p99
    double unforeseen_error_share = 0.5;  ///< of all requests: from here on the speed of failing is measured
};

/// What is wrong with a trial's numbers, or bounds them, and why; and what is worth knowing. Whether the
/// machine was busy is judged by the block (blocks.hpp); what this trial alone met is told, too.
/// Pure: looks at nothing but its arguments.
std::vector<Warning> judge_trial(const Trial& trial, const TrialLimits& limits = {});

/// Whether the time that a trial says it took is impossible: longer than the `wall` time between `go` and its
/// result, or shorter than one of its own requests. Pure.
std::optional<Warning> judge_elapsed(const Trial& trial, Nanoseconds wall);

}  // namespace asyncbench
