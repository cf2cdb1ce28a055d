#pragma once

#include <string>

#include "analysis/pitfalls_result.hpp"
#include "harness/trial/json_fields.hpp"

namespace asyncbench {

/// The rows of the chart: every way of every pitfall, the worst pitfall first and those whose work was `lost`
/// last. `value`, `low` and `high` say how many times worse than the right way it is, and are null where no
/// number compares them.
Json pitfall_rows(const PitfallsResult& result);

/// The rows as a table, for a page without script.
std::string pitfalls_chart_table(const Json& rows);

}  // namespace asyncbench
