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
#include <vector>

#include "async/errors.hpp"
#include "cli/commands.hpp"
#include "cli/help_formatter.hpp"
#include "cli/shell_quote.hpp"
#include "cli/tell.hpp"
#include "harness/measure/build_info.hpp"

namespace asyncbench {
namespace {

std::string known_commands(const CLI::App& app) {
    std::vector<std::string> names;
    for (const CLI::App* command : app.get_subcommands({})) names.push_back(command->get_name());
    return fmt::format("{}", fmt::join(names, ", "));
}

/// CLI11 says no more than that a subcommand is required.
void require_known_command(const CLI::App& app, const std::vector<std::string>& arguments) {
    if (arguments.size() < 2) {
        throw UsageError(fmt::format("A command is missing. There are: {}. See `asyncbench --help`.",
                                     known_commands(app)));
    }
    const std::string& name = arguments[1];
    const auto commands = app.get_subcommands({});
    const bool known = std::any_of(commands.begin(), commands.end(),
                                   [&](const CLI::App* command) { return command->get_name() == name; });
    if (known || name.starts_with('-')) return;
    throw UsageError(fmt::format("There is no command '{}'. There are: {}.", name, known_commands(app)));
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
    app.set_version_flag("--version", build_info().version);
    app.formatter(std::make_shared<HelpFormatter>());

    CommandContext context{strategies, {argv, argv + argc}, ExitStatus::done};
    hide_arguments(argc, argv);
    add_run_command(app, context);
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
        require_known_command(app, context.arguments);
        // CLI11 takes them from the last to the first.
        app.parse(std::vector<std::string>(context.arguments.rbegin(), context.arguments.rend() - 1));
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
    } catch (const CLI::ParseError& error) {
        const auto chosen = app.get_subcommands();
        const std::string command =
            chosen.empty() ? "asyncbench" : "asyncbench " + chosen.front()->get_name();
        return complain(ExitStatus::usage, fmt::format("{}. See `{} --help`.", error.what(), command));
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
