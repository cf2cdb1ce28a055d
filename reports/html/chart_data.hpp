#pragma once

#include <string>
#include <vector>

#include "analysis/run_result.hpp"
#include "harness/trial/json_fields.hpp"
#include "reports/text/scalability.hpp"

namespace asyncbench {

/// What the page's script draws of a run: `strategies` and `levels` in their order, `charts` as pairs of
/// place and specification (reports/charts), and `datasets`, by the names that the specifications give to
/// their data, as lists of flat rows. A chart without rows is left out. `captions` by place and `source`,
/// which asyncbench and when, are for saved pictures.
Json chart_data(const RunResult& run, const std::vector<StrategyScalability>& scalability);

/// The file NAME.vl.json of reports/charts. Throws std::out_of_range where there is none.
Json chart_specification(const std::string& name);

/// Vega warns of a layer without data: it has no extent.
void leave_out_empty_layers(Json& chart, const Json& datasets);

}  // namespace asyncbench
