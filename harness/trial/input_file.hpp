#pragma once

#include <string>
#include <string_view>

namespace asyncbench {

/// A file's content, of stdin where `path` is `-`. `what` is what it is in messages: "The file of targets".
/// Throws UsageError where it cannot be read or is too large.
std::string read_input(const std::string& path, std::string_view what);

}  // namespace asyncbench
