#pragma once

#include <string>

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

}  // namespace asyncbench
