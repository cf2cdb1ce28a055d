#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "analysis/compare/comparison.hpp"

namespace asyncbench {

/// `better`, `worse`, `changed`, `no difference`, `too few`
std::string_view text_of(Change change);

/// `3.1 %`, or "–" where there is no ratio.
std::string noise_floor_text(const ComparedMetric& row);

/// The rows by metric, in the order in which the metrics come first.
std::vector<const ComparedMetric*> rows_by_metric(const ResultsComparison& comparison);

/// How the numbers of all comparisons are to be read, in sentences.
std::string describe_comparison(const CompareResult& result);

/// A sentence each: what only one side has, and the warnings.
std::vector<std::string> comparison_notes(const ResultsComparison& comparison);

}  // namespace asyncbench
