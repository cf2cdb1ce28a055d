#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "analysis/compare/measured_values.hpp"
#include "analysis/gate/gate_result.hpp"

namespace asyncbench {

/// The subject with the name; null where there is none.
const MeasuredSubject* find_subject(const MeasuredValues& measured, std::string_view name);

/// The values of the metric; none where the subject is null or does not tell it.
const std::vector<double>& values_of(const MeasuredSubject* subject, std::string_view metric);

/// Adds every subject of base and head to the result, base's first, with a sample for each trial of it. A
/// trial that did the work and is wrong all the same is left out, and a warning says so. One that was lost,
/// or did other work, stays: no arm may choose its sample by what became of it.
void add_subjects(GateResult& result, const MeasuredValues& base, const MeasuredValues& head);

/// What is to be known of the subjects: what only one of the two has, what is wrong, what was left out.
void add_subject_warnings(GateResult& result, const MeasuredValues& base, const MeasuredValues& head);

}  // namespace asyncbench
