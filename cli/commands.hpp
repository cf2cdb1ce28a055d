#pragma once

#include <string>
#include <vector>

#include "cli/exit_status.hpp"
#include "harness/load/strategy.hpp"

namespace CLI {
class App;
}

namespace asyncbench {

/// What the subcommands share.
struct CommandContext {
    const StrategyRegistry& strategies;
    std::vector<std::string> arguments;  ///< as given, program name first
    ExitStatus status = ExitStatus::done;
};

// One a file, named like it: adds the subcommand to `app`; when it is chosen it does its work while the
// arguments are parsed, and leaves the exit status in the context. Throws Error and UsageError.
void add_run_command(CLI::App& app, CommandContext& context);
void add_load_command(CLI::App& app, CommandContext& context);
void add_compare_command(CLI::App& app, CommandContext& context);
void add_gate_command(CLI::App& app, CommandContext& context);
void add_pitfalls_command(CLI::App& app, CommandContext& context);
void add_target_command(CLI::App& app, CommandContext& context);
void add_trial_command(CLI::App& app, CommandContext& context);
void add_report_command(CLI::App& app, CommandContext& context);
void add_history_command(CLI::App& app, CommandContext& context);
void add_list_command(CLI::App& app, CommandContext& context);
void add_doctor_command(CLI::App& app, CommandContext& context);
void add_generate_command(CLI::App& app, CommandContext& context);

}  // namespace asyncbench
