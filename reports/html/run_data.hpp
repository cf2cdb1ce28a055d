#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/run_result.hpp"
#include "analysis/scalability.hpp"
#include "harness/trial/json_fields.hpp"

namespace asyncbench {

/// What a value counts for, which charts draw: `ok`, `disturbed` (hollow), `limited` (an arrow where it is a
/// bound) or `wrong` (not drawn). A cell is as half of its trials are.
std::string_view chart_standing(const RunResult& run, const Cell& cell);
std::string_view chart_standing(const RunResult& run, const Trial& trial);

/// `10 of 10`, `9 of 10, 3 disturbed`: of the cell's trials those that count, and what they were.
std::string trials_text(const Cell& cell);

/// A usable trial against the median of its cell, by the metric that the run ranks by.
struct DriftPoint {
    std::size_t trial = 0;  ///< its place in the run's trials
    double percent = 0;     ///< from the median
    double value = 0;
    double median = 0;
};
/// In the order run.
std::vector<DriftPoint> drift_of(const RunResult& run);

/// What charts of a run show that its JSON does not say, and how they say it. rows.js makes their rows of
/// both.
///
///   page, source             `run`; which asyncbench and when
///   strategies, best         names in the scenario's order; the baseline that ratios open with
///   has_response_times       whether they say more than service times
///   ranked                   what the run ranks by, in words
///   least_confidence         of an interval that is drawn
///   bounds                   by metric: 1 where a limited value is "at least", -1 where "at most", 0 for
///   neither measures                 what ratios are of: `metric`, `name`, `better` side cells those that
///   are drawn, by concurrency: place in `summary`, standing, trials `used` texts                    by
///   metric: the value of each of these cells; `of_ideal`: its efficiency, or why not trials standings, in
///   the order of the result's fits                     parameters of the scalability law, and the
///   concurrencies it was fitted to latency, distribution    percentiles of the merged histograms ratios,
///   drift            every pair of cells of a concurrency; drift_of() captions, left_out       by chart, for
///   saved pictures; a chart that has no caption has nothing to draw
///
/// Tables are objects of columns, which pack to half of what rows would.
Json shown_of(const RunResult& run, const std::vector<StrategyScalability>& scalability);

/// What a page holds of a result. Both are packed().
struct PackedRun {
    /// The line `shown`, and the compact text of the result's JSON without the histograms of the overhead and
    /// of the target's delay errors, but for what packs better in another form, which unpack.js turns back:
    /// a histogram is `{"hdr":{"bytes":N}}`, N bytes of `histograms`, in the order of the text; a timeline
    /// `{"deltas":[ids,...]}`, in differences, its columns as in the result.
    std::string json;
    /// HdrHistogram's V2 encoding of each, not deflated, one after the other. Each deflated for itself, as
    /// JSON has them, is noise to a compressor; side by side those of like trials take 2/3 of that, those of
    /// service and response time where they are the same half.
    std::string histograms;
};
PackedRun packed_run(const RunResult& run, const Json& shown);

/// The same of a run that goes on: of the result what charts are made of, and no histograms.
std::string packed_charts(const RunResult& run, const Json& shown);

/// With both ends at the value where there is no interval to show.
Estimate drawn(Estimate estimate);

/// A drawing shows less than six digits, and three more make data a third larger.
double rounded(double value);

}  // namespace asyncbench
