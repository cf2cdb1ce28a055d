#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/compare/comparison.hpp"

namespace asyncbench {

/// `better`, `worse`, `changed`, `no difference`, `too few`
std::string_view text_of(Change change);

/// What the column of these rows' ratios is called: it is not the ratio of the two medians beside it.
std::string_view ratio_heading(const std::vector<const ComparedMetric*>& rows);

/// `3.1 %`, or "–" where there is no ratio.
std::string noise_floor_text(const ComparedMetric& row);

/// The rows by metric, in the order in which the metrics come first.
std::vector<const ComparedMetric*> rows_by_metric(const ResultsComparison& comparison);

/// How the numbers of all comparisons are to be read, in sentences.
std::string describe_comparison(const CompareResult& result);

/// A sentence each: what only one side of the comparison has, and its warnings. What an earlier comparison of
/// the result says already is left out.
std::vector<std::string> comparison_notes(const CompareResult& result, std::size_t comparison);

}  // namespace asyncbench
