#include "cli/help_formatter.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <sstream>

#include "reports/text/wrapped.hpp"

namespace asyncbench {
namespace {

constexpr std::size_t help_columns = 80;
constexpr std::size_t columns_of_names = 28;

std::string in_second_column(const std::string& text) {
    return fmt::to_string(fmt::join(wrapped(text, help_columns - columns_of_names), "\n"));
}

/// Breaks what is too long. Indented lines, such as examples, stay lines of their own; others are paragraphs,
/// however the source breaks them.
std::string in_lines(const std::string& text) {
    std::string lines;
    std::string paragraph;
    const auto end_paragraph = [&] {
        if (paragraph.empty()) return;
        for (const std::string& each : wrapped(paragraph, help_columns)) lines += each + '\n';
        paragraph.clear();
    };
    std::istringstream in(text);
    for (std::string line; std::getline(in, line);) {
        const std::size_t indent = std::min(line.find_first_not_of(' '), line.size());
        if (indent == 0 && !line.empty()) {
            paragraph += (paragraph.empty() ? "" : " ") + line;
            continue;
        }
        end_paragraph();
        for (const std::string& each : wrapped(line, help_columns, indent, indent)) lines += each + '\n';
        if (line.empty()) lines += '\n';
    }
    end_paragraph();
    return lines;
}

}  // namespace

HelpFormatter::HelpFormatter() {
    column_width(columns_of_names);
}

std::string HelpFormatter::make_description(const CLI::App* app) const {
    return in_lines(CLI::Formatter::make_description(app));
}

std::string HelpFormatter::make_option_name(const CLI::Option* option, bool is_positional) const {
    // What a flag without a value stands for, `--live{0}`, is nothing to type.
    const std::string name = CLI::Formatter::make_option_name(option, is_positional);
    return name.substr(0, name.find('{'));
}

std::string HelpFormatter::make_option_desc(const CLI::Option* option) const {
    return in_second_column(option->get_description());
}

std::string HelpFormatter::make_subcommand(const CLI::App* command) const {
    std::ostringstream out;
    CLI::detail::format_help(out, command->get_display_name(true),
                             in_second_column(command->get_description()), columns_of_names);
    return out.str();
}

std::string HelpFormatter::make_footer(const CLI::App* app) const {
    return in_lines(app->get_footer());
}

}  // namespace asyncbench
