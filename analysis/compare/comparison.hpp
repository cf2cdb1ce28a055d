#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "analysis/compare/measured_values.hpp"
#include "analysis/stats/estimate.hpp"

namespace asyncbench {

enum class Change {
    better,
    worse,
    changed,     ///< of a metric that is neither better high nor low
    none_shown,  ///< the interval holds 1
    too_few,     ///< so few values that no interval could exclude 1
    limited,     ///< the side that looks worse is only a bound (WarningKind::limited)
};

/// One metric of one subject, base against head.
struct ComparedMetric {
    std::string subject;
    std::string metric;
    Better better = Better::lower;
    Estimate base;  ///< median with its interval, in the metric's unit
    Estimate head;
    std::size_t base_count = 0;
    std::size_t head_count = 0;
    Estimate ratio;          ///< head / base
    double p_value = 1;      ///< two-sided, that nothing changed
    double noise_floor = 0;  ///< the least change, as a share, that so noisy values would have shown
    Change change = Change::none_shown;
    bool paired = false;  ///< by the blocks of one run
};

struct ResultsComparison {
    std::string base;  ///< file, or strategy of one run
    std::string head;
    std::vector<ComparedMetric> rows;
    std::vector<std::string> only_in_base;  ///< subjects
    std::vector<std::string> only_in_head;
    std::vector<Warning> warnings;  ///< environments that differ, wrong cells, error rows
};

/// What one call of `compare` tells: each head against the one base.
struct CompareResult {
    std::string tool_version;
    std::string command;
    std::vector<ResultsComparison> comparisons;
};

/// Subjects of the same name of two files: unpaired, so that a drift between the two runs counts as a change;
/// a warning says so. Throws Error where they did different work.
ResultsComparison compare_results(const MeasuredValues& base, const MeasuredValues& head);

/// Strategies of one run at the same concurrency, paired by block: `head` against `base`. A question that the
/// run answered has the answer that it has there, which is judged over all its questions together.
ResultsComparison compare_strategies(const MeasuredValues& run, const std::string& base,
                                     const std::string& head);

}  // namespace asyncbench
