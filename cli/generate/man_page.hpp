#pragma once

#include <string>

#include "cli/generate/command_description.hpp"

namespace asyncbench {

/// A man page for section 1 (man(7)) of the program and all its commands.
std::string man_page(const CommandDescription& program, const std::string& version);

}  // namespace asyncbench
