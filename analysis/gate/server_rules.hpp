#pragma once

#include "analysis/gate/rules.hpp"
#include "harness/trial/metric.hpp"

namespace asyncbench {

// Where two servers are compared, one load generator measures both. What a trial says of its own process is
// then the generator's, and the server's has names of its own.

/// Rules and budgets, which name the metrics of what is compared (`cpu`, `peak-memory`, `threads`,
/// `instructions`), as those of a server. The generator's are added for information; they decide nothing.
/// Throws UsageError where a flag asks to decide by what is known of the generator alone.
GateRules rules_of_servers(GateRules rules);

/// The same of servers that somebody else runs, of whose processes nothing is known: no rule for them is
/// left. Throws UsageError where a flag, or a budget, asks for one.
GateRules rules_of_running_servers(GateRules rules);

/// What a trial says of its own process, under the generator's names.
Metrics metrics_of_generator(Metrics metrics);

}  // namespace asyncbench
