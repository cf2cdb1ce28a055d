#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "analysis/run_result.hpp"
#include "harness/trial/json_fields.hpp"
#include "reports/text/scalability.hpp"

namespace asyncbench {

// The rows of the charts' data: flat objects, named as the specifications in reports/charts ask for them.
// What is not known has no row.

/// With both ends at the value where there is no interval to show.
Estimate drawn(Estimate estimate);

/// A row for each usable cell in which the metric is known: median, interval, and both as text. Values are
/// divided by `scale`, which makes of the metric's unit that of the axis. `standing` and `bound` are those of
/// standing.hpp; what is wrong has no row.
Json cell_rows(const RunResult& run, std::string_view metric, double scale);

/// A row for each usable trial of these cells in which the metric is known.
Json trial_rows(const RunResult& run, std::string_view metric, double scale);

/// For each concurrency what the target's delays alone allow.
Json ideal_rows(const RunResult& run);

/// The scalability law's line of each strategy that it was fitted to, over what was measured.
Json fit_rows(const std::vector<StrategyScalability>& strategies);

/// Names for the right ends of the throughput chart's lines, the ideal's too: `place`, a value on the same
/// logarithmic axis of so many pixels, is as near to the line's end as the others leave room for. Empty where
/// there are too many.
Json end_rows(const Json& datasets, double pixels);

/// Percentiles as HdrHistogram's plots have them, the closer to 100 % the denser, of service and response
/// time of each usable cell; of service time alone where a closed loop makes both the same.
Json percentile_rows(const RunResult& run);

/// Shares of requests that took at most so long, evenly spaced and with the tail, of the same.
Json distribution_rows(const RunResult& run);

/// How many of a trial are shown.
constexpr std::size_t timeline_requests = 32;

/// Of the first usable trial of each usable cell its first requests.
Json timeline_rows(const RunResult& run);

/// Each usable trial against the median of its cell, in the order run, by the metric that the run ranks by.
Json drift_rows(const RunResult& run);

/// Each usable cell against each other one of its concurrency, by what the run ranks by first, as far as an
/// axis of ratios has a place for it.
std::vector<Comparison> ratio_comparisons(const RunResult& run);
Json ratio_rows(const RunResult& run, const std::vector<Comparison>& comparisons);

/// The values of usable trials of which the ratios are made: two of one block are a pair. `of` is the
/// strategy, under another name than elsewhere, as a baseline that is hidden is still one.
Json measured_rows(const RunResult& run);

/// A drawing shows less than six digits, and three more make data a third larger.
double rounded(double value);

/// The beginning of a row.
Json row_of(const StrategySpec& strategy, std::uint32_t concurrency);

}  // namespace asyncbench
