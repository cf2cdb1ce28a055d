#include "cli/generate/man_page.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <sstream>

namespace asyncbench {
namespace {

/// Text that troff leaves as it is.
std::string escaped(const std::string& text) {
    std::string result;
    for (const char c : text) {
        if (c == '\\') {
            result += "\\e";
        } else if (c == '-') {
            result += "\\-";
        } else {
            result += c;
        }
    }
    // A line that begins with a dot or an apostrophe is a request.
    return result.starts_with('.') || result.starts_with('\'') ? "\\&" + result : result;
}

/// Paragraphs; lines that begin with blanks stay as they are.
std::string paragraphs(const std::string& text) {
    std::string result;
    bool as_is = false;
    std::istringstream in(text);
    for (std::string line; std::getline(in, line);) {
        const bool indented = line.starts_with(' ');
        if (indented != as_is) result += indented ? ".nf\n" : ".fi\n";
        as_is = indented;
        result += line.empty() ? ".PP\n" : escaped(line) + '\n';
    }
    return as_is ? result + ".fi\n" : result;
}

std::string option_text(const OptionDescription& option) {
    std::string names = option.flags.empty() ? fmt::format("\\fI{}\\fR", escaped(option.name)) : "";
    for (const std::string& flag : option.flags)
        names += fmt::format("{}\\fB{}\\fR", names.empty() ? "" : ", ", escaped(flag));
    if (!option.flags.empty() && option.takes_value())
        names += fmt::format(" \\fI{}\\fR", escaped(option.value));
    const bool is_sentence = option.description.ends_with('.') || option.description.ends_with(')');
    std::string text =
        fmt::format(".TP\n{}\n{}{}\n", names, escaped(option.description), is_sentence ? "" : ".");
    if (!option.choices.empty())
        text += fmt::format("One of {}.\n", escaped(fmt::to_string(fmt::join(option.choices, ", "))));
    return text;
}

std::string command_text(const CommandDescription& command, const std::string& path) {
    std::string text = fmt::format(".SS {}\n{}\n", escaped(path), escaped(command.description));
    for (const OptionDescription& positional : command.positionals) text += option_text(positional);
    for (const OptionDescription& option : command.options) text += option_text(option);
    if (!command.footer.empty()) text += ".PP\n" + paragraphs(command.footer);
    for (const CommandDescription& child : command.commands)
        text += command_text(child, path + " " + child.name);
    return text;
}

}  // namespace

std::string man_page(const CommandDescription& program, const std::string& version) {
    std::string text = fmt::format(
        ".TH ASYNCBENCH 1 \"\" \"asyncbench {}\" \"User Commands\"\n"
        ".SH NAME\n{} \\- {}\n"
        ".SH SYNOPSIS\n\\fB{}\\fR \\fICOMMAND\\fR [\\fIOPTIONS\\fR]\n"
        ".SH DESCRIPTION\n{}\n"
        ".SH OPTIONS\n",
        escaped(version), escaped(program.name), escaped(program.description), escaped(program.name),
        escaped(program.description));
    for (const OptionDescription& option : program.options) text += option_text(option);
    text += ".SH COMMANDS\n";
    for (const CommandDescription& command : program.commands) text += command_text(command, command.name);
    return text + ".SH EXIT STATUS\n" + paragraphs(program.footer);
}

}  // namespace asyncbench
