#include "cli/generate/command_description.hpp"

#include <CLI/CLI.hpp>

#include <sstream>

namespace asyncbench {
namespace {

/// CLI11 writes the check of a value behind its type: `TEXT:{constant,poisson}`, `INT:INT in [1 - 1000]`.
void read_type(OptionDescription& option, const std::string& type) {
    const auto colon = type.find(':');
    option.value = type.substr(0, colon);
    const auto open = type.find('{');
    const auto close = type.find('}', open);
    if (open == std::string::npos || close == std::string::npos) return;
    std::istringstream choices(type.substr(open + 1, close - open - 1));
    for (std::string choice; std::getline(choices, choice, ',');) option.choices.push_back(choice);
}

OptionDescription describe_option(const CLI::Option& option) {
    OptionDescription described;
    for (const std::string& name : option.get_snames()) described.flags.push_back("-" + name);
    for (const std::string& name : option.get_lnames()) described.flags.push_back("--" + name);
    if (described.flags.empty()) described.name = option.get_name(true);
    described.description = option.get_description();
    if (option.get_items_expected_max() > 0) read_type(described, option.get_type_name());
    return described;
}

}  // namespace

CommandDescription describe_command(const CLI::App& app) {
    CommandDescription command;
    command.name = app.get_name();
    command.description = app.get_description();
    command.footer = app.get_footer();
    for (const CLI::Option* option : app.get_options()) {
        OptionDescription described = describe_option(*option);
        (described.flags.empty() ? command.positionals : command.options).push_back(std::move(described));
    }
    for (const CLI::App* child : app.get_subcommands({}))
        command.commands.push_back(describe_command(*child));
    return command;
}

}  // namespace asyncbench
