#pragma once

#include <iosfwd>

#include "harness/load/strategy.hpp"

namespace asyncbench {

/// The child's side of the trial protocol, for the strategies given: reads the spec from `in`, warms up,
/// writes `ready`, waits for `go`, measures, writes the result to `out`. Returns the exit status: 0 after a
/// result, 1 after a result that only says why there is none, 64 where `in` holds no spec.
int run_trial_process(std::istream& in, std::ostream& out, const StrategyRegistry& strategies);

}  // namespace asyncbench
