#include "cli/generate/completions.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <functional>
#include <string_view>
#include <vector>

namespace asyncbench {
namespace {

/// With the names of the commands above it: `/history/add`, "" for the program.
using Visit = std::function<void(const CommandDescription&, const std::string& path)>;

void visit_all(const CommandDescription& command, const std::string& path, const Visit& visit) {
    visit(command, path);
    for (const CommandDescription& child : command.commands) visit_all(child, path + "/" + child.name, visit);
}

std::vector<std::string> words_of(const CommandDescription& command) {
    std::vector<std::string> words;
    for (const CommandDescription& child : command.commands) words.push_back(child.name);
    for (const OptionDescription& positional : command.positionals)
        words.insert(words.end(), positional.choices.begin(), positional.choices.end());
    for (const OptionDescription& option : command.options)
        words.insert(words.end(), option.flags.begin(), option.flags.end());
    return words;
}

bool takes_files(const CommandDescription& command) {
    for (const OptionDescription& positional : command.positionals)
        if (positional.takes_file()) return true;
    return false;
}

/// In single quotes for a shell.
std::string in_single_quotes(std::string_view text) {
    std::string result = "'";
    for (const char c : text) result += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return result + "'";
}

/// Without what `_arguments` of zsh takes for its own.
std::string zsh_text(const std::string& text) {
    std::string result;
    for (const char c : text) {
        if (c == '[' || c == ']' || c == ':' || c == '\\') result += '\\';
        result += c;
    }
    return result;
}

std::string zsh_action(const OptionDescription& option) {
    if (!option.choices.empty()) return fmt::format("({})", fmt::join(option.choices, " "));
    if (option.value == "DIR") return "_files -/";
    return option.takes_file() ? "_files" : "";
}

std::string zsh_option(const OptionDescription& option) {
    std::string text;
    for (const std::string& flag : option.flags) {
        std::string spec = fmt::format("{}[{}]", flag, zsh_text(option.description));
        if (option.takes_value()) spec += fmt::format(":{}:{}", zsh_text(option.value), zsh_action(option));
        text += fmt::format(" \\\n        {}", in_single_quotes(spec));
    }
    return text;
}

std::string zsh_arguments(const CommandDescription& command) {
    std::string text = "_arguments";
    for (const OptionDescription& option : command.options) text += zsh_option(option);
    for (const OptionDescription& positional : command.positionals) {
        text += fmt::format(
            " \\\n        {}",
            in_single_quotes(fmt::format("*:{}:{}", zsh_text(positional.name), zsh_action(positional))));
    }
    return text;
}

std::string function_of(const std::string& path) {
    std::string name = "_asyncbench";
    for (const char c : path) name += c == '/' || c == '-' ? '_' : c;
    return name;
}

/// A command with commands of its own: the first word chooses one.
std::string zsh_choice(const CommandDescription& command, const std::string& path) {
    std::string names;
    std::string cases;
    for (const CommandDescription& child : command.commands) {
        names += fmt::format("\n        {}",
                             in_single_quotes(fmt::format("{}:{}", child.name, zsh_text(child.description))));
        cases += fmt::format("        {}) {} ;;\n", child.name, function_of(path + "/" + child.name));
    }
    std::string options;
    for (const OptionDescription& option : command.options) options += zsh_option(option);
    return fmt::format(
        "    local state line\n"
        "    local -a commands=({}\n    )\n"
        "    _arguments -C{} \\\n        '1: :->command' '*:: :->arguments'\n"
        "    case $state in\n"
        "    command) _describe command commands ;;\n"
        "    arguments)\n        case $line[1] in\n{}        esac ;;\n"
        "    esac\n",
        names, options, cases);
}

/// Whether fish is inside the command: its names were typed, and none of a command below it.
std::string fish_condition(const CommandDescription& command, const std::string& path) {
    std::string condition;
    std::string name;
    for (const char c : path + "/") {
        if (c != '/') {
            name += c;
        } else if (!name.empty()) {
            condition +=
                fmt::format("{}__fish_seen_subcommand_from {}", condition.empty() ? "" : "; and ", name);
            name.clear();
        }
    }
    if (command.commands.empty()) return condition;
    std::vector<std::string> below;
    for (const CommandDescription& child : command.commands) below.push_back(child.name);
    return fmt::format("{}not __fish_seen_subcommand_from {}", condition.empty() ? "" : condition + "; and ",
                       fmt::join(below, " "));
}

std::string fish_option(const OptionDescription& option) {
    std::string text;
    for (const std::string& flag : option.flags)
        text += flag.starts_with("--") ? " -l " + flag.substr(2) : " -s " + flag.substr(1);
    if (option.takes_value()) text += option.takes_file() ? " -r -F" : " -x";
    if (!option.choices.empty())
        text += fmt::format(" -a {}", in_single_quotes(fmt::to_string(fmt::join(option.choices, " "))));
    return text + " -d " + in_single_quotes(option.description);
}

}  // namespace

std::string bash_completion(const CommandDescription& program) {
    std::string paths;
    std::string values;
    std::string words;
    visit_all(program, "", [&](const CommandDescription& command, const std::string& path) {
        if (!path.empty()) paths += (paths.empty() ? "" : "|") + path;
        for (const OptionDescription& option : command.options) {
            if (!option.takes_value()) continue;
            std::vector<std::string> patterns;
            for (const std::string& flag : option.flags)
                patterns.push_back(in_single_quotes(path + " " + flag));
            const std::string reply =
                !option.choices.empty()
                    ? fmt::format("COMPREPLY=($(compgen -W {} -- \"$current\"))",
                                  in_single_quotes(fmt::to_string(fmt::join(option.choices, " "))))
                : option.takes_file() ? "_asyncbench_files"
                                      : "COMPREPLY=()";
            values += fmt::format("    {}) {}; return ;;\n", fmt::join(patterns, "|"), reply);
        }
        words += fmt::format("    {}) words={}; files={} ;;\n", in_single_quotes(path),
                             in_single_quotes(fmt::to_string(fmt::join(words_of(command), " "))),
                             takes_files(command) ? "yes" : "");
    });
    return fmt::format(R"(# bash completion for asyncbench
_asyncbench_files() {{
  compopt -o filenames 2>/dev/null
  COMPREPLY=($(compgen -f -- "$current"))
}}

_asyncbench() {{
  local current=${{COMP_WORDS[COMP_CWORD]}} previous=${{COMP_WORDS[COMP_CWORD - 1]}} command= words= files= i
  for ((i = 1; i < COMP_CWORD; ++i)); do
    case "$command/${{COMP_WORDS[i]}}" in
    {}) command="$command/${{COMP_WORDS[i]}}" ;;
    esac
  done
  case "$command $previous" in
{}  esac
  case "$command" in
{}  esac
  if [ -n "$files" ] && [ "${{current#-}}" = "$current" ]; then
    _asyncbench_files
    return
  fi
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}}

complete -F _asyncbench asyncbench
)",
                       paths, values, words);
}

std::string zsh_completion(const CommandDescription& program) {
    std::string functions;
    visit_all(program, "", [&](const CommandDescription& command, const std::string& path) {
        const std::string body = command.commands.empty() ? fmt::format("    {}\n", zsh_arguments(command))
                                                          : zsh_choice(command, path);
        functions += fmt::format("\n{}() {{\n{}}}\n", function_of(path), body);
    });
    return fmt::format("#compdef asyncbench\n{}\n_asyncbench \"$@\"\n", functions);
}

std::string fish_completion(const CommandDescription& program) {
    std::string text = "# fish completion for asyncbench\ncomplete -c asyncbench -f\n";
    visit_all(program, "", [&](const CommandDescription& command, const std::string& path) {
        const std::string condition = in_single_quotes(fish_condition(command, path));
        for (const CommandDescription& child : command.commands)
            text += fmt::format("complete -c asyncbench -n {} -a {} -d {}\n", condition, child.name,
                                in_single_quotes(child.description));
        for (const OptionDescription& option : command.options)
            text += fmt::format("complete -c asyncbench -n {}{}\n", condition, fish_option(option));
        for (const OptionDescription& positional : command.positionals) {
            if (!positional.choices.empty())
                text += fmt::format("complete -c asyncbench -n {} -a {}\n", condition,
                                    in_single_quotes(fmt::to_string(fmt::join(positional.choices, " "))));
            if (positional.takes_file()) text += fmt::format("complete -c asyncbench -n {} -F\n", condition);
        }
    });
    return text;
}

}  // namespace asyncbench
