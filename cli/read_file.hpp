#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace asyncbench {

/// The whole of a file, which may be empty; none where it cannot be read (not there, no right, a directory).
std::optional<std::string> read_whole_file(const std::filesystem::path& path);

}  // namespace asyncbench
