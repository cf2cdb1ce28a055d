#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/gate/evidence.hpp"
#include "analysis/stats/estimate.hpp"

namespace asyncbench {

/// One metric in the pairs of one cell, in the order measured.
struct PairedValues {
    std::vector<double> base;
    std::vector<double> head;
    std::vector<double> ratios;  ///< head / base; of two zeros 1
    std::string unknown;         ///< why a pair has none; empty where each has one
    std::size_t pairs = 0;       ///< in which both trials did the work, whether or not they tell the metric
    bool told_by_base = false;   ///< in one of them at least

    bool all_told() const { return ratios.size() == pairs; }
};

/// Of the pairs in which both trials did the work. None where a metric is 0 in one trial of a pair and not in
/// the other: that has no ratio, and to leave the pair out would be to choose. A value below 0 is none.
PairedValues paired_values(const GateEvidence& evidence, std::size_t subject, std::string_view metric,
                           Batch batch);

/// One metric in the trials of head that did the work.
struct ValuesOfHead {
    std::vector<double> values;
    std::size_t trials = 0;  ///< whether or not they tell it
};
ValuesOfHead values_of_head(const GateEvidence& evidence, std::size_t subject, std::string_view metric,
                            Batch batch);

/// The natural logarithms of how many times worse head is, from head / base: over 0 is worse.
std::vector<double> worsenings(const std::vector<double>& ratios, std::string_view metric);

/// The same of an estimate of head / base.
Estimate worsening_of(const Estimate& ratio, std::string_view metric);

/// Not a number in all its parts: what is unknown.
Estimate unknown_estimate();

/// The median with its interval of 95 %; unknown of no values.
Estimate median_estimate(const std::vector<double>& values);

}  // namespace asyncbench
