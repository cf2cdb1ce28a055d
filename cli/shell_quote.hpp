#pragma once

#include <string>
#include <vector>

namespace asyncbench {

/// A command line as reports show it, which a POSIX shell reads back as these arguments. The program is named
/// without its directory, what shown_arguments() hides is hidden, and the files that it writes are left out:
/// where a report goes repeats nothing, and is often a temporary folder.
std::string quoted_command(const std::vector<std::string>& arguments);

/// The arguments of this program without secrets: of URLs and commands (without_secrets()), of `--header` all
/// but the name, of `--data` all but the length. As many as there are.
std::vector<std::string> shown_arguments(const std::vector<std::string>& arguments);

/// Writes over what shown_arguments() hides, where `ps` and other programs read it.
void hide_arguments(int argc, char** argv);

}  // namespace asyncbench
