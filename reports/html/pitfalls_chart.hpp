#pragma once

#include <string>

#include "analysis/pitfalls_result.hpp"
#include "harness/trial/json_fields.hpp"

namespace asyncbench {

/// What the page's script draws, in the shape of chart_data() (chart_data.hpp): `pitfalls`. Its rows are
/// every way of every pitfall, the worst pitfall first and those whose work was lost last: `value`, `low` and
/// `high` say how many times worse than the right way it is, and are null where no number compares them.
/// Those that have a number are `drawn`, those that lost work `lost`.
Json pitfalls_chart_data(const PitfallsResult& result);

/// The rows as a table, for a page without script.
std::string pitfalls_chart_table(const Json& chart_data);

}  // namespace asyncbench
