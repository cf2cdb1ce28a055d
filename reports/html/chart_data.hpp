#pragma once

#include <string>

#include "harness/trial/json_fields.hpp"
#include "harness/trial/run_result.hpp"

namespace asyncbench {

/// What the page's script draws: `strategies` and `levels` in their order, `charts` as pairs of place and
/// specification (reports/charts), and `datasets`, by the names that the specifications give to their data,
/// as lists of flat rows.
Json chart_data(const RunResult& run);

/// The file NAME.vl.json of reports/charts. Throws std::out_of_range where there is none.
Json chart_specification(const std::string& name);

}  // namespace asyncbench
