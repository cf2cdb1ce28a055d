#pragma once

#include "analysis/run_result.hpp"
#include "harness/trial/json_fields.hpp"

namespace asyncbench::test {

/// What the page of a result has to draw: `charts` and `datasets`, by the page's own scripts.
Json chart_data(const RunResult& run);

}  // namespace asyncbench::test
