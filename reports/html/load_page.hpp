#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "analysis/run_result.hpp"
#include "harness/trial/json_fields.hpp"
#include "reports/html/sections.hpp"

namespace asyncbench {

/// What stands in the places of load.html, besides what every result has, as markup. `shown` is what
/// load_shown_of() made of the run.
std::vector<std::pair<std::string_view, std::string>> load_values(const RunResult& run, const Json& shown,
                                                                  const ResultPart& part);

}  // namespace asyncbench
