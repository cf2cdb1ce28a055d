#pragma once

#include "analysis/run_result.hpp"
#include "harness/trial/json_fields.hpp"

namespace asyncbench {

/// What charts of a load show that its JSON does not say. load_rows.js makes their rows of both.
///
/// - `page`: `load`.
/// - `source`: which asyncbench, and when.
/// - `strategies`, `colours`: the series of all charts, with the colours of the style sheet.
/// - `has_response_times`: whether times from the schedule differ from those from the send.
/// - `concurrency`: how many connections.
/// - `seconds_a_point`: of charts over time.
/// - `offered`: of an open loop the rate that was to be sent, at the end of each second.
/// - `latency`, `distribution`: percentiles, as latency_columns() has them.
/// - `phases`, `generator`: percentiles of each of those times.
/// - `search`: each trial of a search, and `answer`, the rate that it found or null.
/// - `captions`, `left_out`: by chart, for saved pictures. A chart without a caption has nothing to draw.
///
/// The run has a load_trial().
Json load_shown_of(const RunResult& run);

}  // namespace asyncbench
