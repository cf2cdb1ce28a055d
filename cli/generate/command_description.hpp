#pragma once

#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace asyncbench {

/// An option, a flag or a positional argument, as the command line defines it.
struct OptionDescription {
    std::vector<std::string> flags;  ///< `-c`, `--concurrency`; empty of a positional one
    std::string name;                ///< of a positional one
    std::string value;               ///< what stands for its value, `FILE`; empty of a flag
    std::vector<std::string> choices;
    std::string description;

    bool takes_value() const { return !value.empty(); }
    bool takes_file() const { return value == "FILE" || value == "DIR"; }
};

struct CommandDescription {
    std::string name;
    std::string description;
    std::string footer;
    std::vector<OptionDescription> options;
    std::vector<OptionDescription> positionals;
    std::vector<CommandDescription> commands;
};

/// Reads it from the definition that parses the arguments, so that what is made of it cannot differ from
/// that.
CommandDescription describe_command(const CLI::App& app);

}  // namespace asyncbench
