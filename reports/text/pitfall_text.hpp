#pragma once

#include <string>
#include <vector>

#include "analysis/pitfalls_result.hpp"

namespace asyncbench {

/// A column of the table of ways.
struct PitfallColumn {
    std::string heading;       ///< short, beside the columns before it
    std::string full_heading;  ///< on its own
    std::string metric;
};

/// What every pitfall's table has, and the metric that shows this one's harm where it is none of them.
std::vector<PitfallColumn> columns_of_pitfall(const Pitfall& pitfall);

/// The way's cell of the summary; null where no trial of it was run.
const Cell* cell_of_way(const PitfallResult& result, const PitfallWay& way);

/// The value with or without its interval; "–" where it is unknown.
std::string way_text(const PitfallResult& result, const PitfallWay& way, const std::string& metric,
                     bool with_interval);

/// What the metric says about the harm, in one sentence: how much better the right way is, and the bridged
/// one, or that no difference is shown. Empty where the harm is not shown by a metric.
std::string harm_in_numbers(const PitfallResult& result);

/// What came of a way's work other than answers, one sentence each, with the range of the count over the
/// trials where it is not the same in all.
std::vector<std::string> outcomes_of(const PitfallResult& result, const PitfallWay& way);

/// What the detectors said of a way, one sentence each, the first of which sums up; empty where it was not
/// diagnosed.
std::vector<std::string> detectors_said(const PitfallResult& result, const PitfallWay& way);

}  // namespace asyncbench
