#include <CLI/CLI.hpp>

#include <iostream>
#include <memory>
#include <string>

#include "async/errors.hpp"
#include "cli/commands.hpp"
#include "cli/scenario_options.hpp"
#include "harness/trial/json_names.hpp"
#include "targets/target.hpp"

namespace asyncbench {
namespace {

struct TargetCommandOptions {
    std::string kind{own_targets.front().name};
    TargetOptions target;
    ScenarioOptions replies;
};

}  // namespace

void add_target_command(CLI::App& app, CommandContext&) {
    auto options = std::make_shared<TargetCommandOptions>();
    CLI::App* command = app.add_subcommand("target", "Serve what is measured against, until Ctrl-C");
    command->add_option("kind", options->kind, "Which server; `asyncbench list targets` describes them")
        ->check(CLI::IsMember(names_of_own_targets()))
        ->capture_default_str();
    command->add_option("--port", options->target.port, "Port; 0 takes a free one")
        ->check(CLI::Range(0, 65535))
        ->capture_default_str();
    command->add_option("--address", options->target.address, "Address to listen on")->capture_default_str();
    command
        ->add_option_function<std::string>(
            "--io", [options](const std::string& name) { options->target.io = named<IoKind>(name); },
            "Interface of the kernel for the mock target; uring where it is allowed")
        ->check(CLI::IsMember(names_of<IoKind>()));
    command->add_flag("--end-with-parent", options->target.end_with_parent,
                      "End when the process that started this one ends");
    options->replies.add_to_target(*command);
    command->footer(
        "Each request is GET /io/NAME/NUMBER: NAME is any word, and NUMBER decides the delay. For `run "
        "--target` take http://127.0.0.1:PORT/io/try/1.\n\n"
        "Exit status: 0 ended by a signal, 1 it could not serve, 64 wrong usage.");
    command->callback([options] {
        Scenario scenario = default_scenario();
        options->replies.apply_to(scenario);
        options->target.profile = scenario.profile;
        options->target.seed = scenario.seed;
        serve_target(options->kind, options->target, std::cout);
    });
}

}  // namespace asyncbench
