#pragma once

#include <vector>

#include "analysis/run_result.hpp"
#include "analysis/scalability.hpp"
#include "harness/trial/json_fields.hpp"

namespace asyncbench {

/// What charts of a run show that its JSON does not say, and how they say it. run_rows.js makes their rows of
/// both.
///
/// - `page`: `run`.
/// - `source`: which asyncbench, and when.
/// - `strategies`: names, in the scenario's order.
/// - `best`: the baseline that the chart of ratios opens with.
/// - `has_response_times`: whether they say more than service times.
/// - `ranked`: what the run ranks by, in words.
/// - `least_confidence`: of an interval that is drawn.
/// - `bounds`: by metric, 1 where a limited value is "at least", -1 where it is "at most", 0 for neither.
/// - `measures`: what ratios are of: `metric`, its `name`, and which side of 1 is `better`.
/// - `cells`: those that are drawn, by concurrency: place in the result's summary, standing, trials `used`.
/// - `texts`: by metric, the value of each of these cells. `of_ideal` is its efficiency, or says why not.
/// - `trials`: standings of all trials, as standing_of() has them, in the result's order.
/// - `fit`: the scalability law of each strategy, over the concurrencies it was fitted to.
/// - `latency`, `distribution`: percentiles of the merged histograms.
/// - `ratios`: every pair of drawn cells of a concurrency.
/// - `drift`: drift_of().
/// - `captions`, `left_out`: by chart, for saved pictures. A chart without a caption has nothing to draw.
///
/// Tables are objects of columns, which pack to half of what rows would.
Json shown_of(const RunResult& run, const std::vector<StrategyScalability>& scalability);

}  // namespace asyncbench
