#include "cli/shell_quote.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstring>
#include <string_view>

#include "harness/work/secret_text.hpp"

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

/// An option whose value as a whole is a secret, and how that is shown.
struct SecretOption {
    std::string_view name;  ///< `-H`, `--header`
    SecretText (*value)(std::string);
};

SecretText body_or_file(std::string text) {
    if (text.starts_with('@')) return {std::move(text)};
    return SecretText::body(std::move(text));
}

constexpr std::array<SecretOption, 5> secret_options{{{"-H", SecretText::header},
                                                      {"--header", SecretText::header},
                                                      {"-u", SecretText::body},
                                                      {"--user", SecretText::body},
                                                      {"--data", body_or_file}}};

/// The one whose value the next argument is.
const SecretOption* option_before_value(std::string_view argument) {
    const bool is_short = argument.size() > 1 && argument[0] == '-' && argument[1] != '-';
    for (const SecretOption& option : secret_options) {
        // Short ones stand together, `-kH`.
        if (argument == option.name ||
            (is_short && option.name.size() == 2 && argument.ends_with(option.name[1])))
            return &option;
    }
    return nullptr;
}

/// `--header=Name: value` and `-HName: value`.
std::string shown_argument(const std::string& argument) {
    for (const SecretOption& option : secret_options) {
        const std::string start = std::string(option.name) + (option.name.size() > 2 ? "=" : "");
        if (argument.starts_with(start) && argument.size() > start.size())
            return start + option.value(argument.substr(start.size())).shown();
    }
    return without_secrets(argument);
}

}  // namespace

std::vector<std::string> shown_arguments(const std::vector<std::string>& arguments) {
    std::vector<std::string> shown;
    const SecretOption* option = nullptr;
    for (const std::string& argument : arguments) {
        shown.push_back(option != nullptr ? option->value(argument).shown() : shown_argument(argument));
        option = option != nullptr ? nullptr : option_before_value(argument);
    }
    return shown;
}

void hide_arguments(int argc, char** argv) {
    const std::vector<std::string> arguments(argv, argv + argc);
    const std::vector<std::string> shown = shown_arguments(arguments);
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        if (shown[i] == arguments[i]) continue;
        const std::size_t length = arguments[i].size();
        std::memset(argv[i], '\0', length);
        std::memcpy(argv[i], shown[i].data(), std::min(length, shown[i].size()));
    }
}

namespace {

constexpr std::array<std::string_view, 10> output_options{"-o",
                                                          "--out",
                                                          "--json",
                                                          "--html",
                                                          "--markdown",
                                                          "--csv",
                                                          "--junit",
                                                          "--benchfmt",
                                                          "--github-action-benchmark",
                                                          "--github-action-benchmark-bigger"};

/// How many arguments from here on say where output goes: `-o DIR` 2, `--json=FILE` and `-oDIR` 1, others 0.
std::size_t arguments_of_output(const std::vector<std::string>& arguments, std::size_t at) {
    const std::string& argument = arguments[at];
    for (const std::string_view option : output_options) {
        if (argument == option) return std::min<std::size_t>(2, arguments.size() - at);
        const bool is_short = option.size() == 2;
        if (argument.starts_with(is_short ? std::string(option) : std::string(option) + "=")) return 1;
    }
    return 0;
}

}  // namespace

std::string quoted_command(const std::vector<std::string>& given) {
    std::vector<std::string> arguments;
    const std::vector<std::string> shown = shown_arguments(given);
    for (std::size_t i = 0; i < shown.size();) {
        const std::size_t output = arguments_of_output(shown, i);
        if (output == 0) arguments.push_back(shown[i]);
        i += std::max<std::size_t>(output, 1);
    }
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
