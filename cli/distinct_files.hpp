#pragma once

#include <string>
#include <vector>

namespace asyncbench {

/// Whether both paths lead to one file, by whatever names; what is no regular file (`/dev/null`) never is.
bool is_same_file(const std::string& one, const std::string& other);

/// Throws UsageError where two of the outputs would be written into one file, or one over an input. An empty
/// path is none, and `-` is stdout.
void require_distinct_files(const std::vector<std::string>& outputs, const std::vector<std::string>& inputs);

}  // namespace asyncbench
