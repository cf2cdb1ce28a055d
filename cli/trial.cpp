#include "harness/trial/trial_process.hpp"

#include <CLI/CLI.hpp>

#include <iostream>

#include "cli/commands.hpp"

namespace asyncbench {

void add_trial_command(CLI::App& app, CommandContext& context) {
    CLI::App* command = app.add_subcommand(
        "trial", "Do one trial by the trial protocol on stdin and stdout (what `run` starts)");
    command->callback([&context] {
        context.status = static_cast<ExitStatus>(run_trial_process(std::cin, std::cout, context.strategies));
    });
}

}  // namespace asyncbench
