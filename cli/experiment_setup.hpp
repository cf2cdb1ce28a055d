#pragma once

#include <memory>
#include <string>
#include <vector>

#include "harness/trial/scenario.hpp"
#include "harness/trial/target_link.hpp"
#include "harness/trial/trial_runner.hpp"

namespace asyncbench {

/// Throws UsageError where *** stands in place of what is to be sent: results and reports hold no passwords,
/// tokens or bodies, so that a scenario that comes from one of them is not whole.
void require_secrets(const Scenario& scenario);

/// Starts the scenario's target as a child of this program, or takes the server its URL names. Throws Error
/// where it does not answer within the scenario's timeout; returns at once where that is interrupted.
std::unique_ptr<TargetLink> make_target(const Scenario& scenario);

/// Trials in processes of this program, started with `trial_arguments`; interrupted by Ctrl-C; pinned where
/// the scenario asks for it. Throws Error where there are too few CPUs to pin.
RunnerOptions runner_options(const Scenario& scenario, const std::vector<std::string>& trial_arguments);

}  // namespace asyncbench
