#pragma once

#include "analysis/run_result.hpp"
#include "harness/trial/json_fields.hpp"

namespace asyncbench {

inline constexpr std::string_view result_schema = "asyncbench.result/2";
/// Of the version that knew valid and not valid alone: still read, and judged anew.
inline constexpr std::string_view earlier_result_schema = "asyncbench.result/1";

Json json_of(const RunResult& run);

// Parts of it. `*_from` throw Error that names document and field.

Json json_of(const Estimate& estimate);
/// Whether all of its numbers are finite: JSON has no others, so that such an estimate counts as unknown.
bool has_json(const Estimate& estimate);
/// Null where it has none.
Json null_if_unknown(const Estimate& estimate);

Json json_of(const Trial& trial);
Trial trial_from(JsonFields fields);

Json json_of(const Cell& cell);
Cell cell_from(JsonFields fields);

Json json_of(const Ranking& ranking);
Ranking ranking_from(JsonFields fields);

Json json_of(const Comparison& comparison);
Comparison comparison_from(JsonFields fields);

Json json_of(const RateSearchResult& search);
RateSearchResult rate_search_from(JsonFields fields);

Json json_of(const Environment& environment);
Environment environment_from(JsonFields fields);

}  // namespace asyncbench
