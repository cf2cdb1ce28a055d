#pragma once

#include "analysis/compare/measured_values.hpp"
#include "analysis/gate/gate_result.hpp"

namespace asyncbench {

/// Whether the configuration asks for a metric that the kind of file cannot have: one of trials of what
/// another program measured, or the other way round. It is there for another shape of the gate, and decides
/// nothing.
bool is_for_other_files(const MetricRule& rule, const MeasuredValues& measured);

/// Makes the lines of the result's rules for each subject that base has, and judges them in one look: times
/// and rates by the exact rank test (compare/ratio_test.hpp), adjusted by Holm's method over all of them;
/// counts as in counted runs, of three runs of each arm at least; failed requests over all trials.
/// What head has not is INCONCLUSIVE, and so is what a flag or the configuration asks for and neither has.
/// `requests` has no line: where the plan fixes the number another one is other work, and where it does not,
/// throughput tells of it. Of a stored base, tolerances grow by half the interquartile range of its values
/// over their median. Returns the most that one grew, as a share.
double judge_unpaired_lines(GateResult& result, const MeasuredValues& base, const MeasuredValues& head);

}  // namespace asyncbench
