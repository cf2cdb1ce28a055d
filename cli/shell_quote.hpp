#pragma once

#include <string>
#include <vector>

namespace asyncbench {

/// A command line that a POSIX shell reads back as these arguments; the program is named without its
/// directory.
std::string quoted_command(const std::vector<std::string>& arguments);

}  // namespace asyncbench
