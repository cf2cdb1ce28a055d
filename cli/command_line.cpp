#include "cli/command_line.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <CLI/CLI.hpp>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "async/errors.hpp"
#include "cli/commands.hpp"
#include "cli/help_formatter.hpp"
#include "cli/shell_quote.hpp"
#include "cli/tell.hpp"
#include "harness/measure/build_info.hpp"
#include "harness/work/suggestion.hpp"

namespace asyncbench {
namespace {

std::vector<std::string> known_commands(const CLI::App& app) {
    std::vector<std::string> names;
    for (const CLI::App* command : app.get_subcommands({})) names.push_back(command->get_name());
    return names;
}

/// `help`, `help run` and `version` as the flags that they stand for; without the program's name.
std::vector<std::string> understood(const std::vector<std::string>& arguments) {
    std::vector<std::string> meant(arguments.begin() + 1, arguments.end());
    if (meant.empty()) return meant;
    if (meant.front() == "version") meant.front() = "--version";
    if (meant.front() == "help") {
        meant.erase(meant.begin());
        meant.emplace_back("--help");
    }
    return meant;
}

std::string whole_name(const CLI::App& command) {
    const CLI::App* parent = command.get_parent();
    return parent == nullptr ? command.get_name() : whole_name(*parent) + " " + command.get_name();
}

/// The names of its options as they are typed.
std::vector<std::string> known_flags(const CLI::App& app) {
    std::vector<std::string> flags;
    for (const CLI::Option* option : app.get_options()) {
        for (const std::string& name : option->get_snames()) flags.push_back("-" + name);
        for (const std::string& name : option->get_lnames()) flags.push_back("--" + name);
    }
    return flags;
}

std::string text_of_unknown_flag(const CLI::App& app, const std::string& argument) {
    const std::string flag = argument.substr(0, argument.find('='));
    return fmt::format("There is no option {}.{}", flag, did_you_mean(flag, known_flags(app)));
}

void require_known_flag(const CLI::App& app, const std::string& flag) {
    const auto known = known_flags(app);
    if (std::find(known.begin(), known.end(), flag) != known.end()) return;
    throw UsageError(fmt::format("{} See `{} --help`.", text_of_unknown_flag(app, flag), whole_name(app)));
}

/// CLI11 says no more than that a subcommand is required. `name` is the first argument of `app`.
void require_known_command(const CLI::App& app, const std::string& name) {
    const auto known = known_commands(app);
    if (std::find(known.begin(), known.end(), name) != known.end()) return;
    if (name.starts_with('-')) return require_known_flag(app, name);
    throw UsageError(fmt::format("There is no command '{}'.{} There are: {}.", name,
                                 did_you_mean(name, known), fmt::join(known, ", ")));
}

/// Of the program and, where it has some, of the command.
void require_known_commands(const CLI::App& app, const std::vector<std::string>& arguments) {
    if (arguments.empty()) {
        throw UsageError(fmt::format("A command is missing. There are: {}. See `asyncbench --help`.",
                                     fmt::join(known_commands(app), ", ")));
    }
    require_known_command(app, arguments.front());
    if (arguments.size() < 2 || arguments.front().starts_with('-')) return;
    const CLI::App& command = *app.get_subcommand(arguments.front());
    if (!known_commands(command).empty()) require_known_command(command, arguments[1]);
}

/// The command that was given, or the part of it: `history add`.
const CLI::App& chosen_command(const CLI::App& app) {
    const CLI::App* command = &app;
    while (!command->get_subcommands().empty()) command = command->get_subcommands().front();
    return *command;
}

/// The first argument of `command` that is not known, in a sentence.
std::string text_of(const CLI::ExtrasError& error, const CLI::App& command) {
    const auto extras = command.remaining();
    const auto flag = std::find_if(extras.begin(), extras.end(),
                                   [](const std::string& extra) { return extra.starts_with('-'); });
    return flag != extras.end() ? text_of_unknown_flag(command, *flag) : fmt::format("{}.", error.what());
}

std::string text_of(const CLI::RequiredError& error) {
    const std::string text = error.what();  // `files is required`
    const std::string_view is_required = " is required";
    if (!text.ends_with(is_required)) return text;
    const std::string name = text.substr(0, text.size() - is_required.size());
    return fmt::format("{}{} is missing", name.starts_with("A ") ? "" : "The argument ", name);
}

int complain(ExitStatus status, std::string_view message) {
    tell(fmt::format("asyncbench: {}", message));
    return static_cast<int>(status);
}

}  // namespace

int command_line(int argc, char** argv, const StrategyRegistry& strategies) {
    CLI::App app{"Measures how sequential, threaded, callback and coroutine code do the same I/O-bound work.",
                 "asyncbench"};
    app.require_subcommand(1);
    app.set_version_flag("-V,--version", build_info().version);
    app.formatter(std::make_shared<HelpFormatter>());

    CommandContext context{strategies, {argv, argv + argc}, ExitStatus::done};
    hide_arguments(argc, argv);
    add_run_command(app, context);
    add_load_command(app, context);
    add_compare_command(app, context);
    add_gate_command(app, context);
    add_pitfalls_command(app, context);
    add_list_command(app, context);
    add_doctor_command(app, context);
    add_report_command(app, context);
    add_history_command(app, context);
    add_target_command(app, context);
    add_trial_command(app, context);
    add_generate_command(app, context);
    // Last, as commands inherit it, and have statuses of their own.
    app.footer(
        "Exit status: 0 done, 1 could not be done, 2 regression, 3 inconclusive, 4 a measurement is wrong, "
        "64 wrong usage, 130 interrupted.");

    try {
        std::vector<std::string> meant = understood(context.arguments);
        require_known_commands(app, meant);
        std::reverse(meant.begin(), meant.end());  // as CLI11 takes them
        app.parse(std::move(meant));
        if (std::fflush(stdout) != 0) {
            return complain(ExitStatus::failed,
                            fmt::format("The output cannot be written: {}.", std::strerror(errno)));
        }
        return static_cast<int>(context.status);
    } catch (const CLI::CallForHelp& help) {
        return app.exit(help);
    } catch (const CLI::CallForAllHelp& help) {
        return app.exit(help);
    } catch (const CLI::CallForVersion& version) {
        return app.exit(version);
    } catch (const CLI::ExtrasError& error) {
        const CLI::App& command = chosen_command(app);
        return complain(ExitStatus::usage,
                        fmt::format("{} See `{} --help`.", text_of(error, command), whole_name(command)));
    } catch (const CLI::RequiredError& error) {
        return complain(ExitStatus::usage,
                        fmt::format("{}. See `{} --help`.", text_of(error), whole_name(chosen_command(app))));
    } catch (const CLI::ParseError& error) {
        return complain(ExitStatus::usage,
                        fmt::format("{}. See `{} --help`.", error.what(), whole_name(chosen_command(app))));
    } catch (const UsageError& error) {
        return complain(ExitStatus::usage, error.what());
    } catch (const Error& error) {
        return complain(ExitStatus::failed, error.what());
    } catch (const std::system_error& error) {  // fmt where stdout takes no more, std::thread, a file system
        return complain(ExitStatus::failed, fmt::format("The system refused: {}.", error.what()));
    } catch (const std::bad_alloc&) {
        return complain(ExitStatus::failed, "Out of memory. Lower -c, --payload or -d.");
    } catch (const std::exception& error) {  // a fault of this program; its user gets a sentence all the same
        return complain(ExitStatus::failed,
                        fmt::format("This should not happen, please report it: {}.", error.what()));
    }
}

}  // namespace asyncbench
