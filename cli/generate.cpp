#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <algorithm>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "benches/pitfalls/pitfalls.hpp"
#include "cli/commands.hpp"
#include "cli/generate/command_description.hpp"
#include "cli/generate/completions.hpp"
#include "cli/generate/man_page.hpp"
#include "harness/measure/build_info.hpp"
#include "harness/trial/scenario.hpp"

namespace asyncbench {
namespace {

/// What the definition leaves open, as it takes more than these.
void add_known_names(CommandDescription& command, const StrategyRegistry& strategies) {
    for (OptionDescription& option : command.options) {
        const auto is = [&](const char* flag) {
            return std::find(option.flags.begin(), option.flags.end(), flag) != option.flags.end();
        };
        if (is("--strategy")) {
            for (const StrategyInfo& info : strategies.all()) option.choices.push_back(info.name);
        } else if (is("--target") && command.name == "run") {
            option.choices = names_of_own_targets();
        }
    }
    for (OptionDescription& positional : command.positionals) {
        if (command.name != "pitfalls") continue;
        for (const Pitfall& pitfall : builtin_pitfalls()) positional.choices.push_back(pitfall.name);
    }
    for (CommandDescription& child : command.commands) add_known_names(child, strategies);
}

std::string text_of(const std::string& what, CommandDescription program, const StrategyRegistry& strategies) {
    if (what == "man") return man_page(program, build_info().version);
    add_known_names(program, strategies);
    if (what == "bash") return bash_completion(program);
    if (what == "zsh") return zsh_completion(program);
    return fish_completion(program);
}

}  // namespace

void add_generate_command(CLI::App& app, CommandContext& context) {
    auto what = std::make_shared<std::string>();
    CLI::App* command =
        app.add_subcommand("generate", "Write the man page, or a shell's completions, to stdout");
    command->add_option("format", *what, "man, or the shell: bash, zsh, fish")
        ->required()
        ->check(CLI::IsMember({"man", "bash", "zsh", "fish"}));
    command->footer(
        "Examples:\n"
        "  asyncbench generate man | man -l -\n"
        "  source <(asyncbench generate bash)\n"
        "\n"
        "`cmake --install` and the packages put all of them in their places.");
    command->callback([what, &app, &context] {
        fmt::print("{}", text_of(*what, describe_command(app), context.strategies));
    });
}

}  // namespace asyncbench
