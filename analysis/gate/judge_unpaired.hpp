#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/compare/measured_values.hpp"
#include "analysis/gate/evidence.hpp"
#include "analysis/gate/gate_result.hpp"

namespace asyncbench {

/// One of the two files, by the names of its cells. Refers to the values, which outlive it.
class FileSide {
  public:
    explicit FileSide(const MeasuredValues& values);

    const MeasuredValues& file() const { return values_; }
    const std::string& source() const { return values_.source; }
    /// Null where there is none.
    const MeasuredCell* find(std::string_view name) const { return cells_.find(name); }
    bool is_of_trials() const { return is_of_trials_; }
    /// Whether any cell has a value of the metric.
    bool has_metric(std::string_view metric) const { return metrics_.contains(metric); }

  private:
    const MeasuredValues& values_;
    CellsByName cells_;
    bool is_of_trials_;
    std::set<std::string, std::less<>> metrics_;
};

/// Whether the configuration asks for a metric that the kind of file cannot have: one of trials of what
/// another program measured, or the other way round. It is there for another shape of the gate, and decides
/// nothing.
bool is_for_other_files(const MetricRule& rule, const FileSide& side);

struct UnpairedLines {
    std::vector<GateLine> lines;
    double widest = 0;  ///< the most that a tolerance grew, as a share
};
/// The lines of an unpaired gate, judged in one look, of the subjects that base has. Pure.
UnpairedLines judge_unpaired_lines(const GateRules& rules, GateShape shape, const GateEvidence& evidence,
                                   const FileSide& base, const FileSide& head);

}  // namespace asyncbench
