#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "async/errors.hpp"

namespace asyncbench {

/// Writes the file anew. Throws Error.
void save_file(const std::string& path, const std::string& text);

/// Writes the file anew and tells of it on stderr. Throws Error.
void write_file(const std::string& path, const std::string& text);

/// Throws Error where stdout does not take all of it.
void write_to_stdout(const std::string& text);

/// What is said where `path` cannot be written, with errno's reason.
Error not_writable(const std::string& path);

/// The whole of a file, which may be empty; none where it cannot be read (not there, no right, a directory).
std::optional<std::string> read_whole_file(const std::filesystem::path& path);

/// Whether both paths lead to one file, by whatever names; what is no regular file (`/dev/null`) never is.
bool is_same_file(const std::string& one, const std::string& other);

/// Throws UsageError where two of the outputs would be written into one file, or one over an input. An empty
/// path is none, and `-` is stdout.
void require_distinct_files(const std::vector<std::string>& outputs, const std::vector<std::string>& inputs);

}  // namespace asyncbench
