#include "cli/shell_quote.hpp"

#include <algorithm>
#include <cctype>
#include <string_view>

namespace asyncbench {
namespace {

bool needs_no_quotes(char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 ||
           std::string_view("-_=:,./+@%").find(c) != std::string_view::npos;
}

std::string quoted(const std::string& argument) {
    if (!argument.empty() && std::all_of(argument.begin(), argument.end(), needs_no_quotes)) return argument;
    std::string text = "'";
    for (const char c : argument) text += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return text + "'";
}

}  // namespace

std::string quoted_command(const std::vector<std::string>& arguments) {
    std::string text;
    for (const std::string& argument : arguments) {
        const bool program = &argument == &arguments.front();
        const auto slash = argument.rfind('/');
        text += program ? "" : " ";
        text += quoted(program && slash != std::string::npos ? argument.substr(slash + 1) : argument);
    }
    return text;
}

}  // namespace asyncbench
