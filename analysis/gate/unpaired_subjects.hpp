#pragma once

#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "analysis/compare/measured_values.hpp"
#include "analysis/gate/evidence.hpp"

namespace asyncbench {

/// One of the two files, by the names of its subjects. Refers to the values, which outlive it.
class FileSide {
  public:
    explicit FileSide(const MeasuredValues& values);

    const MeasuredValues& file() const { return values_; }
    /// Null where there is none.
    const MeasuredSubject* find(std::string_view name) const;
    /// Whether any subject tells the metric.
    bool has_metric(std::string_view metric) const { return metrics_.contains(metric); }

  private:
    const MeasuredValues& values_;
    std::unordered_map<std::string_view, const MeasuredSubject*> by_name_;
    std::set<std::string_view> metrics_;
};

/// The values of the metric; none where the subject is null or does not tell it.
const std::vector<double>& values_of(const MeasuredSubject* subject, std::string_view metric);

/// Adds every subject of base and head to the result, base's first, with a sample for each trial of it. A
/// trial that did the work and is wrong all the same is left out, and a warning says so. One that was lost,
/// or did other work, stays: no arm may choose its sample by what became of it.
void add_subjects(GateResult& result, const FileSide& base, const FileSide& head);

/// What is to be known of the subjects: what only one of the two has, what is wrong, what was left out.
std::vector<Warning> subject_warnings(const GateEvidence& evidence, const FileSide& base,
                                      const FileSide& head);

}  // namespace asyncbench
