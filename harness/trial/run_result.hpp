#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "harness/measure/environment.hpp"
#include "harness/stats/estimate.hpp"
#include "harness/trial/scenario.hpp"
#include "harness/trial/trial_result.hpp"

namespace asyncbench {

/// A cell of the summary: the trials of one strategy at one concurrency.
struct Cell {
    StrategySpec strategy;
    std::uint32_t concurrency = 0;
    std::uint32_t trials = 0;        ///< that were run
    std::uint32_t valid_trials = 0;  ///< that the estimates are made of
    std::map<std::string, Estimate, std::less<>> metrics;
    std::map<std::string, std::string, std::less<>> unknown;  ///< metric -> why it has no estimate
    Histogram service_time_ns;                                ///< all valid trials merged
    Histogram response_time_ns;
    std::vector<Warning> warnings;  ///< of its trials, each kind once

    /// More than half of its trials are valid, so that a disturbance of one does not spoil the others, and in
    /// no trial did the work differ between client and target.
    bool valid() const;
};

/// Whether `trial` is one of those that `cell` sums up.
bool is_of(const TrialResult& trial, const Cell& cell);

/// Head against base at the same concurrency: the ratio of one metric, paired by repetition.
struct Comparison {
    StrategySpec base;
    StrategySpec head;
    std::uint32_t concurrency = 0;
    std::string metric;
    Estimate ratio;          ///< head / base
    bool separated = false;  ///< the interval excludes 1, at a confidence of 0.9 or more
};

/// One whole run: what `--json` writes and every report is made of.
struct RunResult {
    std::string tool_version;
    std::string command;  ///< that repeats it, quoted for a shell
    std::string started_utc;
    Environment environment;
    Scenario scenario;
    std::vector<TrialResult> trials;  ///< every one, in the order run
    std::vector<Cell> summary;
    std::vector<Comparison> comparisons;
    std::vector<Warning> warnings;
    bool interrupted = false;

    bool valid() const;  ///< every cell is
};

}  // namespace asyncbench
