#pragma once

#include <string_view>

#include "analysis/gate/rules.hpp"
#include "harness/trial/scenario.hpp"

namespace asyncbench {

/// What a repository keeps of its gate (`asyncbench.gate.json`): what to measure, and by which rules to
/// judge.
struct GateConfig {
    Scenario scenario;
    GateRules rules = default_gate_rules();
    bool strict = false;  ///< INCONCLUSIVE has an exit status of its own
};

/// What is gated where nothing else is asked for: the two styles on one loop, at a low and a middling
/// concurrency, in batches of as many requests as make a sample.
Scenario default_gate_scenario();

/// Reads a document of the schema `asyncbench.gate-config/1` (reports/schema/gate-config-1.schema.json); what
/// it leaves out keeps its value of `defaults`. Throws UsageError, a sentence that names `file` and the
/// field.
GateConfig gate_config_from_json(std::string_view text, std::string_view file, const GateConfig& defaults);

}  // namespace asyncbench
