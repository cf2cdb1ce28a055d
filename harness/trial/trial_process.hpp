#pragma once

#include <iosfwd>
#include <optional>

#include "async/clock.hpp"
#include "harness/load/strategy.hpp"
#include "harness/trial/trial.hpp"

namespace asyncbench {

/// What a trial process does instead of what its spec says: `exec:asyncbench trial --as coroutine` takes
/// part in a run of another build, or beside itself with the detectors on.
struct TrialOverrides {
    std::optional<StrategySpec> strategy;
    bool diagnose = false;
    Nanoseconds extra_compute{0};  ///< besides the profile's, on each response: a regression to be found
    Nanoseconds extra_delay{0};    ///< before each request of a closed loop: a slower strategy to be found
};

/// The child's side of the trial protocol, for the strategies given: reads the spec from `in`, warms up,
/// writes `ready`, waits for `go`, measures, writes the result to `out`. Returns the exit status: 0 after a
/// result, 1 after a result that only says why there is none, 64 where `in` holds no spec.
int run_trial_process(std::istream& in, std::ostream& out, const StrategyRegistry& strategies,
                      const TrialOverrides& overrides = {});

}  // namespace asyncbench
