#pragma once

#include <string>

#include "cli/generate/command_description.hpp"

namespace asyncbench {

// Scripts that complete commands, options, file names and the values that an option may have.

std::string bash_completion(const CommandDescription& program);
std::string zsh_completion(const CommandDescription& program);
std::string fish_completion(const CommandDescription& program);

}  // namespace asyncbench
