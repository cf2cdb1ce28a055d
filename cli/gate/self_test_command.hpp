#pragma once

#include "analysis/gate/gate_config.hpp"
#include "cli/commands.hpp"
#include "cli/exit_status.hpp"
#include "cli/gate/options.hpp"

namespace asyncbench {

/// `gate --self-test`: injects changes of known sizes, and says how often the gate finds them here.
ExitStatus gate_self_test(const GateOptions& options, const GateConfig& settings,
                          const CommandContext& context);

}  // namespace asyncbench
