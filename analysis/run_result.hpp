#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "analysis/ranking/order.hpp"
#include "analysis/rate_search.hpp"
#include "analysis/stats/estimate.hpp"
#include "harness/measure/environment.hpp"
#include "harness/trial/scenario.hpp"
#include "harness/trial/trial.hpp"

namespace asyncbench {

/// A cell of the summary: the trials of one strategy at one concurrency.
struct Cell {
    StrategySpec strategy;
    std::uint32_t concurrency = 0;
    std::uint32_t trials = 0;            ///< that were run
    std::uint32_t used_trials = 0;       ///< that the estimates are made of: all but the wrong ones
    std::uint32_t limited_trials = 0;    ///< of these, whose values are bounds
    std::uint32_t disturbed_trials = 0;  ///< of these, that a busy machine disturbed
    bool every_level = false;            ///< its trials stand for every concurrency (Trial::every_level)
    std::map<std::string, Estimate, std::less<>> metrics;
    std::map<std::string, std::string, std::less<>> unknown;  ///< metric -> why it has no estimate
    Histogram service_time_ns;                                ///< all used trials merged
    Histogram response_time_ns;
    Histogram overhead_ns;
    std::vector<Warning> warnings;  ///< of its trials, each kind once

    /// What it counts for: `ok`, `limited`, `wrong` or `unavailable`.
    Standing standing() const;
    /// The first warning that says why its standing is not `ok`; null where none does.
    const Warning* reason() const;

    /// Its work was done and measured: no trial did other work, at most one in ten was lost, and enough
    /// requests were answered. Otherwise the cell is wrong, and ranks nowhere.
    bool usable() const;
    /// The kind of work has no client for its strategy; a warning says why. Not usable, and not wrong.
    bool unavailable() const {
        return used_trials == 0 && has(warnings, unavailable_code) && !has(warnings, WarningKind::wrong);
    }
    /// Half of its trials or more are limited: its throughput is "at least", its times "at most".
    bool limited() const { return used_trials > 0 && 2 * limited_trials >= used_trials; }
};

/// Fewer answers in a cell say nothing about a distribution.
constexpr std::uint64_t least_answers_in_cell = 20;
/// The code of the warning on a cell with fewer.
constexpr std::string_view too_few_answers_code = "too-few-samples";

/// Whether `trial` is one of those that `cell` sums up.
bool is_of(const Trial& trial, const Cell& cell);

/// The trial without its histograms, its timeline, its diagnosis and what the target saw, which need most of
/// its memory.
Trial without_histograms(Trial trial);

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
    std::vector<Trial> trials;  ///< every one, in the order run
    std::vector<Cell> summary;
    std::vector<Comparison> comparisons;
    std::optional<Ranking> ranking;  ///< none where nothing was judged, as after an early interruption
    /// Lines of code of each strategy's source, comments and blank lines left out; only of those whose source
    /// the program knows.
    std::map<std::string, std::uint32_t, std::less<>> code_lines;
    std::vector<Warning> warnings;
    bool interrupted = false;
    /// Of a search for the highest rate; `trials` are those that confirm its answer, at that rate, or where
    /// it has none the last one.
    std::optional<RateSearchResult> search = {};

    /// No warning says that the run as a whole is wrong, no cell is wrong, and at least one was measured:
    /// cells may be unavailable.
    bool usable() const;
};

}  // namespace asyncbench
